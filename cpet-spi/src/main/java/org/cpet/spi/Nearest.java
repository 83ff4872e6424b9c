package org.cpet.spi;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what someone probably meant, for the end of an error message. */
public final class Nearest {
    private Nearest() {}

    /**
     * The candidate with the fewest edits (insertions, deletions, changes, swaps of neighbours), case ignored; empty when
     * even that takes more than two edits and more than a third of the text. Among equals the first one wins.
     */
    public static Optional<String> to(String text, Collection<String> candidates) {
        String lower = text.toLowerCase(Locale.ROOT);
        int limit = Math.max(2, text.length() / 3);
        return candidates.stream()
                .map(name -> new Candidate(name, edits(lower, name.toLowerCase(Locale.ROOT))))
                .filter(candidate -> candidate.edits <= limit && candidate.edits < text.length())
                .min(Comparator.comparingInt(Candidate::edits))
                .map(Candidate::name);
    }

    /** The end of a message: {@code ; did you mean NAME?}, or nothing when no candidate is near. */
    public static String hint(String text, Collection<String> candidates) {
        return to(text, candidates).map(name -> "; did you mean " + name + "?").orElse("");
    }

    private record Candidate(String name, int edits) {}

    /** Optimal string alignment: rows of the edit table, of which a swap needs the last two. */
    private static int edits(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                row[j] = Math.min(Math.min(last[j], row[j - 1]) + 1, last[j - 1] + (same ? 0 : 1));
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length()];
    }
}
