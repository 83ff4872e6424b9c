package org.cpet.runtime.study;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** {@code results.csv}: one line for each row of each run, unrounded. */
final class StudyCsv {
    private static final List<String> OF_ROW = List.of("trainable_parameters", "model_bytes", "latency_ms");
    private static final List<String> OF_STAGE = List.of("step_ms", "training_bytes", "adapter_bytes");

    private StudyCsv() {}

    static String of(List<Line> lines) {
        Set<String> settings = new LinkedHashSet<>();
        Set<String> metrics = new LinkedHashSet<>();
        lines.forEach(line -> {
            settings.addAll(line.variant().settings().keySet());
            metrics.addAll(line.metrics());
        });
        StringBuilder csv = new StringBuilder();
        List<String> header = new ArrayList<>(List.of("variant"));
        header.addAll(settings);
        header.addAll(List.of("row", "seed"));
        header.addAll(metrics);
        header.addAll(OF_ROW);
        header.addAll(OF_STAGE);
        header.add("cell");
        add(csv, header);
        for (Line line : lines) {
            for (Line.Sample sample : line.samples()) {
                List<String> cells = new ArrayList<>(List.of(line.variant().name()));
                settings.forEach(setting -> cells.add(line.variant().settings().getOrDefault(setting, "")));
                cells.add(line.row().key());
                cells.add(String.valueOf(sample.seed()));
                metrics.forEach(
                        metric -> cells.add(text(sample.row().path("metrics").path(metric))));
                OF_ROW.forEach(key -> cells.add(text(sample.row().path(key))));
                OF_STAGE.forEach(key -> cells.add(text(sample.fact(key))));
                cells.add(sample.cell());
                add(csv, cells);
            }
        }
        return csv.toString();
    }

    private static String text(JsonNode number) {
        return number.isNumber() ? number.asString() : "";
    }

    private static void add(StringBuilder csv, List<String> cells) {
        csv.append(cells.stream().map(StudyCsv::quoted).collect(Collectors.joining(",")))
                .append('\n');
    }

    private static String quoted(String cell) {
        return cell.matches("[^\",\r\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }
}
