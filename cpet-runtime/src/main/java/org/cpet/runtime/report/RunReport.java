package org.cpet.runtime.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.recipe.Paradigm;
import org.cpet.runtime.report.ReportData.Point;
import org.cpet.runtime.report.ReportData.ReportRow;
import org.cpet.runtime.report.ReportData.Series;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A run's own files as a report: the rows of {@code result.json}, the curves of {@code metrics.jsonl}. */
public final class RunReport {
    private static final JsonMapper JSON = JsonMapper.shared();

    private RunReport() {}

    /**
     * The page.
     *
     * @param result contents of {@code result.json}
     * @param metrics lines of {@code metrics.jsonl}
     * @param recipe the resolved recipe
     */
    public static String html(JsonNode result, List<String> metrics, String recipe) {
        List<JsonNode> lines = metrics.stream().map(JSON::readTree).toList();
        List<ReportRow> rows = rows(result);
        String score = rows.stream()
                .flatMap(row -> row.metrics().keySet().stream())
                .findFirst()
                .orElse("");
        Map<String, String> facts = new LinkedHashMap<>();
        flatten("", result.path("provenance"), facts);
        List<String> notices = strings(result.path("provenance").path("notices"));
        return HtmlReport.render(new ReportData(
                result.path("name").asString(""),
                rows,
                measured(result.path("provenance")),
                curves(lines, "loss"),
                scores(lines, score),
                score,
                facts,
                notices,
                recipe));
    }

    private static List<String> measured(JsonNode provenance) {
        List<String> sentences = new ArrayList<>(MeasuredPaths.of(provenance));
        sentences.addAll(PackedProducts.of(provenance));
        sentences.addAll(EarlyPruning.of(provenance));
        return sentences;
    }

    /** The rows of the table as {@code result.json} holds them. */
    public static List<ReportRow> rows(JsonNode result) {
        List<ReportRow> rows = new ArrayList<>();
        for (JsonNode row : result.path("rows")) {
            Map<String, Double> metrics = new LinkedHashMap<>();
            row.path("metrics")
                    .propertyStream()
                    .forEach(metric -> metrics.put(metric.getKey(), number(metric.getValue())));
            rows.add(new ReportRow(
                    title(row.path("paradigm").asString("")),
                    metrics,
                    row.path("trainable_parameters").asLong(0),
                    row.path("model_bytes").asLong(0),
                    number(row.path("latency_ms"))));
        }
        return rows;
    }

    private static List<Series> curves(List<JsonNode> lines, String key) {
        Map<String, List<Point>> stages = new LinkedHashMap<>();
        for (JsonNode line : lines) {
            if (line.path(key).isNumber()) {
                add(stages, line, line.path(key));
            }
        }
        return series(stages);
    }

    private static List<Series> scores(List<JsonNode> lines, String score) {
        Map<String, List<Point>> stages = new LinkedHashMap<>();
        for (JsonNode line : lines) {
            if (line.path("validation").path(score).isNumber()) {
                add(stages, line, line.path("validation").path(score));
            }
        }
        return series(stages);
    }

    private static void add(Map<String, List<Point>> stages, JsonNode line, JsonNode value) {
        stages.computeIfAbsent(title(line.path("stage").asString("")), stage -> new ArrayList<>())
                .add(new Point(line.path("step").asDouble(0), value.asDouble(0)));
    }

    private static List<Series> series(Map<String, List<Point>> stages) {
        return stages.entrySet().stream()
                .map(stage -> new Series(stage.getKey(), stage.getValue()))
                .toList();
    }

    /** A row's or stage's name for people. */
    static String title(String key) {
        for (Paradigm paradigm : Paradigm.values()) {
            if (paradigm.key().equals(key)) {
                return paradigm.title();
            }
        }
        return key;
    }

    private static void flatten(String prefix, JsonNode node, Map<String, String> facts) {
        node.propertyStream().forEach(entry -> {
            String name = prefix.isEmpty() ? entry.getKey() : prefix + "." + entry.getKey();
            if (entry.getValue().isObject()) {
                flatten(name, entry.getValue(), facts);
            } else if (!name.equals("notices") && !entry.getKey().equals("products")) { // they are sentences
                facts.put(
                        name,
                        entry.getValue().isString()
                                ? entry.getValue().asString()
                                : entry.getValue().toString());
            }
        });
    }

    private static List<String> strings(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asString("")));
        return texts;
    }

    private static double number(JsonNode node) {
        return node.isNumber() ? node.asDouble() : Double.NaN;
    }
}
