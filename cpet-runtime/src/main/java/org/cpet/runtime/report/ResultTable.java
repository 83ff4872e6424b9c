package org.cpet.runtime.report;

import com.google.common.base.Strings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cpet.runtime.report.ReportData.ReportRow;

/** The table of a run as cells of text. */
public final class ResultTable {
    private ResultTable() {}

    /** Header and rows: title, metrics in per cent, trainable parameters, model bytes, latency. */
    public static List<List<String>> cells(List<ReportRow> rows) {
        List<String> metrics = rows.stream()
                .flatMap(row -> row.metrics().keySet().stream())
                .distinct()
                .toList();
        List<List<String>> cells = new ArrayList<>();
        cells.add(header(metrics));
        rows.forEach(row -> cells.add(line(row, metrics)));
        return cells;
    }

    /** The table aligned for a terminal. */
    public static String text(List<ReportRow> rows) {
        return text(cells(rows), 1);
    }

    /** Cells aligned for a terminal: the first {@code left} columns to the left, the others to the right. */
    static String text(List<List<String>> cells, int left) {
        StringBuilder text = new StringBuilder();
        for (List<String> line : cells) {
            for (int column = 0; column < line.size(); column++) {
                int width = width(cells, column);
                String cell = line.get(column);
                text.append(column < left ? Strings.padEnd(cell, width, ' ') : Strings.padStart(cell, width, ' '))
                        .append(column + 1 < line.size() ? "  " : "\n");
            }
        }
        return text.toString();
    }

    private static List<String> header(List<String> metrics) {
        List<String> header = new ArrayList<>(List.of("paradigm"));
        header.addAll(metrics);
        header.addAll(List.of("trainable", "model bytes", "latency ms"));
        return header;
    }

    private static List<String> line(ReportRow row, List<String> metrics) {
        List<String> line = new ArrayList<>(List.of(row.title()));
        metrics.forEach(metric -> line.add(percent(row.metrics().getOrDefault(metric, Double.NaN))));
        line.add(String.format(Locale.ROOT, "%,d", row.trainableParameters()));
        line.add(String.format(Locale.ROOT, "%,d", row.modelBytes()));
        line.add(Double.isNaN(row.latencyMs()) ? "not measured" : String.format(Locale.ROOT, "%.2f", row.latencyMs()));
        return line;
    }

    private static String percent(double share) {
        return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.2f", 100 * share);
    }

    private static int width(List<List<String>> cells, int column) {
        return cells.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
    }
}
