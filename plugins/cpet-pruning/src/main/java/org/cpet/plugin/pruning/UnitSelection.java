package org.cpet.plugin.pruning;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** Chooses the units that stay from their scores by block. Of n units round(n (1 − s)) stay, halves to even. */
final class UnitSelection {
    private UnitSelection() {}

    /**
     * Ascending indices of what stays in each block.
     *
     * @param removed s
     */
    static Map<String, int[]> of(Map<String, double[]> scores, double removed, Allocation allocation) {
        return allocation == Allocation.UNIFORM ? uniform(scores, removed) : free(scores, removed);
    }

    /** The same share of every block, at least one. */
    private static Map<String, int[]> uniform(Map<String, double[]> scores, double removed) {
        Map<String, int[]> kept = new LinkedHashMap<>();
        scores.forEach((block, of) -> kept.put(block, UnitScores.strongest(of, Shares.kept(of.length, removed))));
        return kept;
    }

    /**
     * As many in all as {@link #uniform} would keep: the best one of each block, then the best of all; among equals those
     * that come first.
     */
    private static Map<String, int[]> free(Map<String, double[]> scores, double removed) {
        int left = scores.values().stream()
                .mapToInt(of -> Shares.kept(of.length, removed))
                .sum();
        Map<String, boolean[]> chosen = new LinkedHashMap<>();
        List<Unit> rest = new ArrayList<>();
        for (Map.Entry<String, double[]> block : scores.entrySet()) {
            double[] of = block.getValue();
            boolean[] marks = new boolean[of.length];
            int best = UnitScores.strongest(of, 1)[0];
            marks[best] = true;
            left--;
            chosen.put(block.getKey(), marks);
            IntStream.range(0, of.length)
                    .filter(unit -> unit != best)
                    .forEach(unit -> rest.add(new Unit(block.getKey(), unit, of[unit])));
        }
        rest.sort(Comparator.comparingDouble(Unit::score).reversed()); // stable
        rest.subList(0, left).forEach(unit -> Objects.requireNonNull(chosen.get(unit.block()))[unit.index()] = true);
        Map<String, int[]> kept = new LinkedHashMap<>();
        chosen.forEach((block, marks) -> kept.put(
                block,
                IntStream.range(0, marks.length).filter(unit -> marks[unit]).toArray()));
        return kept;
    }

    private record Unit(String block, int index, double score) {}
}
