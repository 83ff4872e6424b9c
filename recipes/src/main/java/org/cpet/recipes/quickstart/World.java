package org.cpet.recipes.quickstart;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Creatures and the facts about them, all drawn from a seed: nothing here can be known without having been told. */
final class World {
    private static final List<String> STARTS = List.of(
            ("ba be bu da do fe fu ga gi ho ja ju ka ki ko la lu ma mi mu na ni no pa po pu ra re ri sa so su ta ti tu "
                            + "va vo wa ya zo")
                    .split(" "));
    private static final List<String> ENDS =
            List.of("bik dal dun fos gar gim jal kem lop lun mak mer nif nol pam pel rof rus sem tak tig vel wim zar"
                    .split(" "));

    /** The most creatures that names suffice for. */
    static final int MOST = STARTS.size() * ENDS.size();

    private static final long NAMES = 1;
    private static final long VALUES = 2;

    private final List<String> names;
    private final Map<Attribute, int[]> values = new HashMap<>();

    World(int creatures, long seed) {
        this.names = names(creatures, seed);
        for (int i = 0; i < Attribute.ALL.size(); i++) {
            Attribute attribute = Attribute.ALL.get(i);
            values.put(attribute, drawn(creatures, attribute.values().size(), seed, VALUES, i));
        }
    }

    /** How many creatures. */
    int size() {
        return names.size();
    }

    /** All names, by creature. */
    List<String> names() {
        return names;
    }

    String name(int creature) {
        return names.get(creature);
    }

    /** The number of a creature's value, counted from 0. */
    int value(Attribute attribute, int creature) {
        return Objects.requireNonNull(values.get(attribute), attribute.word())[creature];
    }

    /** The same as a word. */
    String valueWord(Attribute attribute, int creature) {
        return attribute.values().get(value(attribute, creature));
    }

    private static List<String> names(int creatures, long seed) {
        int[] order = new int[MOST];
        for (int i = 0; i < MOST; i++) {
            order[i] = i;
        }
        new SplitMix(seed, NAMES).shuffle(order);
        List<String> names = new ArrayList<>(creatures);
        for (int i = 0; i < creatures; i++) {
            names.add(STARTS.get(order[i] / ENDS.size()) + ENDS.get(order[i] % ENDS.size()));
        }
        return List.copyOf(names);
    }

    /** Each value equally often, up to one, in an order drawn from the keys. */
    private static int[] drawn(int creatures, int values, long... keys) {
        int[] all = new int[creatures];
        for (int i = 0; i < creatures; i++) {
            all[i] = i % values;
        }
        new SplitMix(keys).shuffle(all);
        return all;
    }
}
