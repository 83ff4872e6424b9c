package org.cpet.plugin.estimation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Turns scores into what stays, with exact counts; of equal scores the first stays. */
record Choice(LightPeftOptions options) {
    /** Neurons by FFN; at least one each. */
    Map<String, int[]> units(Map<String, double[]> scores) {
        if (options.ffnRanking() == Ranking.GLOBAL) {
            return among(scores, options.ffn(), true);
        }
        Map<String, int[]> kept = new LinkedHashMap<>();
        scores.forEach((name, own) -> kept.put(name, Counts.highest(own, Counts.kept(own.length, options.ffn()))));
        return kept;
    }

    /** Ranks of the modules whose ratios are highest; a module may lose all of them. */
    Map<String, int[]> ranks(Map<String, Double> ratios, Map<String, double[]> scores) {
        List<String> names = List.copyOf(ratios.keySet());
        double[] own = names.stream().mapToDouble(ratios::get).toArray();
        Map<String, double[]> left = new LinkedHashMap<>();
        for (int i : Counts.highest(own, Counts.kept(own.length, options.modules()))) {
            left.put(names.get(i), scores.get(names.get(i)));
        }
        Map<String, int[]> kept = among(left, options.ranks(), false);
        kept.values().removeIf(ranks -> ranks.length == 0);
        return kept;
    }

    /** The best of all lists together, as indices into each. */
    private static Map<String, int[]> among(Map<String, double[]> scores, double share, boolean eachKeepsOne) {
        List<String> owners = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        scores.forEach((name, own) -> IntStream.range(0, own.length).forEach(place -> {
            owners.add(name);
            places.add(place);
        }));
        double[] all = scores.values().stream().flatMapToDouble(Arrays::stream).toArray();
        int[] order = Counts.inOrder(all).toArray();
        Set<Integer> chosen = new LinkedHashSet<>();
        if (eachKeepsOne) {
            Set<String> served = new LinkedHashSet<>();
            for (int i : order) {
                if (served.add(owners.get(i))) {
                    chosen.add(i);
                }
            }
        }
        int count = Math.max(Counts.kept(all.length, share), chosen.size());
        for (int i : order) {
            if (chosen.size() < count) {
                chosen.add(i);
            }
        }
        Map<String, int[]> kept = new LinkedHashMap<>();
        scores.keySet()
                .forEach(name -> kept.put(
                        name,
                        chosen.stream()
                                .filter(i -> owners.get(i).equals(name))
                                .mapToInt(places::get)
                                .sorted()
                                .toArray()));
        return kept;
    }
}
