package org.cpet.runtime.config;

import java.util.ArrayList;
import java.util.List;

/** Columns of text aligned with spaces; columns marked as numbers are aligned on the right. */
public final class TextTable {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();
    private final boolean[] numbers;

    /** @param titles of the columns; a leading {@code #} marks a column of numbers and is not shown */
    public TextTable(String... titles) {
        numbers = new boolean[titles.length];
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < titles.length; i++) {
            numbers[i] = titles[i].startsWith("#");
            shown.add(numbers[i] ? titles[i].substring(1) : titles[i]);
        }
        rows.add(shown);
    }

    /** Adds a row with a cell for each column. */
    public void row(String... cells) {
        if (cells.length != numbers.length) {
            throw new IllegalArgumentException(cells.length + " cells for " + numbers.length + " columns");
        }
        rows.add(List.of(cells));
    }

    /** Whether there is no row besides the titles. */
    public boolean isEmpty() {
        return rows.size() == 1;
    }

    /** The lines, each ended. */
    public String text() {
        int[] widths = new int[numbers.length];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String padding = " ".repeat(widths[i] - row.get(i).length());
                line.append(i == 0 ? "" : GAP);
                line.append(numbers[i] ? padding + row.get(i) : row.get(i) + padding);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
