package org.cpet.runtime.study;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A study's table as cells of text: for people, in per cent, mean ± standard deviation over the seeds. */
final class StudyTable {
    private final StudyKind kind;
    private final List<Line> lines;
    private final List<String> metrics;
    private final List<String> settings;
    private final boolean intervals;
    private final boolean named;

    StudyTable(StudyKind kind, List<Line> lines) {
        this.kind = kind;
        this.lines = List.copyOf(lines);
        this.metrics = distinct(lines, Line::metrics);
        this.settings =
                distinct(lines, line -> List.copyOf(line.variant().settings().keySet()));
        this.intervals = lines.stream().anyMatch(line -> line.samples().size() > 1);
        this.named =
                lines.stream().map(line -> line.variant().name()).distinct().count() < lines.size()
                        || kind == StudyKind.GRID;
    }

    private interface Names {
        List<String> of(Line line);
    }

    private static List<String> distinct(List<Line> lines, Names names) {
        Set<String> all = new LinkedHashSet<>();
        lines.forEach(line -> all.addAll(names.of(line)));
        return List.copyOf(all);
    }

    /** Header and lines. */
    List<List<String>> cells() {
        List<List<String>> cells = new ArrayList<>();
        cells.add(header());
        lines.forEach(line -> cells.add(cells(line)));
        return cells;
    }

    private List<String> header() {
        List<String> header = new ArrayList<>(List.of(kind == StudyKind.GRID ? "cell" : "method"));
        header.addAll(settings);
        if (named) {
            header.add("row");
        }
        for (String metric : metrics) {
            header.add(metric);
            if (intervals) {
                header.add("95 % interval");
            }
        }
        header.addAll(List.of("seeds", "trainable", "model MB"));
        header.add(kind == StudyKind.LATENCY ? "ms per call" : "latency ms");
        if (kind == StudyKind.LATENCY) {
            header.add("calls");
        }
        header.addAll(List.of("step ms", "peak MB", "adapter KB"));
        if (kind.comparesCost()) {
            header.addAll(List.of("size", "speed"));
        }
        return header;
    }

    private List<String> cells(Line line) {
        List<String> cells = new ArrayList<>(List.of(line.variant().name()));
        settings.forEach(setting -> cells.add(line.variant().settings().getOrDefault(setting, "-")));
        if (named) {
            cells.add(line.row().title());
        }
        for (String metric : metrics) {
            Statistics found = line.metric(metric);
            cells.add(percent(found));
            if (intervals) {
                cells.add(interval(found));
            }
        }
        cells.add(line.samples().size() + (line.complete() ? "" : " of " + line.planned()));
        cells.add(number("%,.0f", line.mean("trainable_parameters")));
        cells.add(number("%,.2f", line.mean("model_bytes") / 1e6));
        latency(cells, line);
        cells.add(number("%.1f", line.fact("step_ms").mean()));
        cells.add(number("%,.0f", line.fact("training_bytes").mean() / 1e6));
        cells.add(number("%,.1f", line.fact("adapter_bytes").mean() / 1e3));
        if (kind.comparesCost()) {
            Line first = lines.get(0);
            cells.add(number("%.0f %%", 100 * line.mean("model_bytes") / first.mean("model_bytes")));
            cells.add(number(
                    "%.0f %%", 100 * first.latency().mean() / line.latency().mean()));
        }
        return cells;
    }

    private void latency(List<String> cells, Line line) {
        Statistics found = kind == StudyKind.LATENCY ? line.calls() : line.latency();
        String spread = Double.isNaN(found.sd()) ? "" : number(" ± %.2f", found.sd());
        cells.add(number("%.2f", found.mean()) + spread);
        if (kind == StudyKind.LATENCY) {
            cells.add(String.valueOf(found.count()));
        }
    }

    /** Mean ± standard deviation in per cent. */
    static String percent(Statistics found) {
        String spread = Double.isNaN(found.sd()) ? "" : number(" ± %.2f", 100 * found.sd());
        return number("%.2f", 100 * found.mean()) + spread;
    }

    private static String interval(Statistics found) {
        return Double.isNaN(found.low())
                ? "-"
                : number("%.2f", 100 * found.low()) + " to " + number("%.2f", 100 * found.high());
    }

    private static String number(String form, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, form, value) : "-";
    }
}
