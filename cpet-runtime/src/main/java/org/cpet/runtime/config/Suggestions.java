package org.cpet.runtime.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Guesses which name was meant. */
public final class Suggestions {
    private static final int FREE_EDITS = 2;
    private static final int LONGEST = 256;

    private Suggestions() {}

    /**
     * The known name with the fewest edits (insert, delete, replace, swap neighbours; case ignored), if they are few: at
     * most 2 or a third of the name, and fewer than the shorter name has letters. Otherwise a single known name that
     * ends or starts with what was written, as {@code alpha} in {@code lora_alpha}.
     */
    public static Optional<String> nearest(String found, Collection<String> known) {
        String wanted = fold(found);
        if (wanted.isEmpty() || wanted.length() > LONGEST) {
            return Optional.empty();
        }
        Optional<String> close = known.stream()
                .filter(name -> edits(wanted, fold(name)) <= allowance(wanted, fold(name)))
                .min(Comparator.comparingInt(name -> edits(wanted, fold(name))));
        return close.isPresent() ? close : part(wanted, known);
    }

    private static Optional<String> part(String wanted, Collection<String> known) {
        List<String> holding = known.stream()
                .filter(name -> fold(name).endsWith("_" + wanted) || fold(name).startsWith(wanted + "_"))
                .toList();
        return holding.size() == 1 ? Optional.of(holding.get(0)) : Optional.empty();
    }

    private static int allowance(String wanted, String name) {
        int shorter = Math.min(wanted.length(), name.length());
        return Math.min(Math.max(FREE_EDITS, wanted.length() / 3), shorter - 1);
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT).replace('-', '_');
    }

    /** Optimal string alignment distance. */
    static int edits(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length()];
    }
}
