package org.cpet.runtime.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.cpet.runtime.report.BarChart.Bar;
import org.cpet.runtime.report.HtmlPage;
import org.cpet.runtime.report.ReportData.Point;
import org.cpet.runtime.report.ReportData.Series;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code report.html} of a study. */
final class StudyPage {
    private static final int MOST_CURVES = 12;

    private final Findings findings;
    private final List<Line> lines;

    StudyPage(Findings findings) {
        this.findings = findings;
        this.lines = findings.lines();
    }

    String html(ObjectNode document) {
        StudyPlan plan = findings.plan();
        StudyKind kind = plan.options().study();
        HtmlPage page = new HtmlPage(plan.name() + ": " + kind.title()).notices(findings.allNotices());
        int best = findings.selection()
                .map(found -> lines.indexOf(found.line()) + 1)
                .orElse(-1);
        page.table(new StudyTable(kind, lines).cells(), best);
        page.paragraphs(notes());
        for (String metric : lines.stream()
                .flatMap(line -> line.metrics().stream())
                .distinct()
                .toList()) {
            page.bars(metric + ", per cent", bars(line -> scaled(line.metric(metric), 100)));
        }
        if (kind.comparesCost()) {
            page.bars("model, MB", bars(line -> bare(line.mean("model_bytes") / 1e6)));
            page.bars("latency, ms", bars(line -> kind == StudyKind.LATENCY ? around(line.calls()) : line.latency()));
        }
        if (lines.size() <= MOST_CURVES) {
            String score = lines.stream()
                    .flatMap(line -> line.metrics().stream())
                    .findFirst()
                    .orElse("");
            page.curves(
                    score + " on the validation rows, mean over the seeds",
                    "optimizer step",
                    curves(line -> line.path("validation").path(score)));
            page.curves("training loss, mean over the seeds", "optimizer step", curves(line -> line.path("loss")));
        }
        page.heading("Cells").table(cells());
        page.heading("Provenance").facts(facts(document.path("provenance")));
        page.heading("Study").verbatim(plan.text());
        page.heading("Recipe").verbatim(plan.base().yaml());
        return page.text();
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        findings.selection()
                .ifPresent(found -> notes.add("Selected by " + found.by().metric() + " on the validation rows ("
                        + found.by().row().key() + "): "
                        + found.line().variant().name()
                        + ". Its recipe: selected.yaml. The test rows had no part in the choice."));
        if (lines.stream().anyMatch(line -> line.samples().size() > 1)) {
            notes.add("Mean ± standard deviation (n − 1) over the seeds; 95 % percentile bootstrap intervals of the"
                    + " mean, 10,000 resamples.");
        }
        return notes;
    }

    private List<Bar> bars(Function<Line, Statistics> value) {
        List<Bar> bars = new ArrayList<>();
        for (Line line : lines) {
            Statistics found = value.apply(line);
            if (Double.isFinite(found.mean())) {
                String text = String.format(Locale.ROOT, found.mean() < 1 ? "%.3f" : "%.2f", found.mean());
                bars.add(new Bar(name(line), found.mean(), found.low(), found.high(), text));
            }
        }
        return bars;
    }

    private static Statistics scaled(Statistics found, double by) {
        return new Statistics(found.count(), by * found.mean(), by * found.sd(), by * found.low(), by * found.high());
    }

    private static Statistics bare(double value) {
        return new Statistics(1, value, Double.NaN, Double.NaN, Double.NaN);
    }

    private static Statistics around(Statistics found) {
        return new Statistics(
                found.count(), found.mean(), found.sd(), found.mean() - found.sd(), found.mean() + found.sd());
    }

    private String name(Line line) {
        boolean several = lines.stream()
                        .filter(other -> other.variant().equals(line.variant()))
                        .count()
                > 1;
        return several
                ? line.variant().name() + ": " + line.row().title()
                : line.variant().name();
    }

    private List<Series> curves(Function<JsonNode, JsonNode> value) {
        Map<Cell, List<JsonNode>> journals = findings.journals();
        List<Series> series = new ArrayList<>();
        for (Line line : lines) {
            Map<Double, List<Double>> points = new TreeMap<>();
            findings.cellsOf(line.variant())
                    .forEach(cell -> journals.getOrDefault(cell, List.of()).stream()
                            .filter(each -> each.path("stage")
                                    .asString("")
                                    .equals(line.row().key()))
                            .filter(each -> value.apply(each).isNumber())
                            .forEach(each -> points.computeIfAbsent(
                                            each.path("step").asDouble(), none -> new ArrayList<>())
                                    .add(value.apply(each).asDouble())));
            if (!points.isEmpty()) {
                List<Point> means = new ArrayList<>();
                points.forEach((step, values) ->
                        means.add(new Point(step, Statistics.of(values).mean())));
                series.add(new Series(name(line), means));
            }
        }
        return series;
    }

    private List<List<String>> cells() {
        List<List<String>> cells = new ArrayList<>(List.of(List.of("cell", "variants", "seed", "state")));
        findings.cells()
                .forEach((cell, state) -> cells.add(List.of(
                        "cells/" + cell.key(),
                        String.join(" / ", cell.variants()),
                        String.valueOf(cell.seed()),
                        state.key())));
        return cells;
    }

    private static Map<String, String> facts(JsonNode provenance) {
        Map<String, String> facts = new LinkedHashMap<>();
        provenance.forEachEntry((name, values) -> {
            for (JsonNode value : values) {
                flatten(name, value, facts);
            }
        });
        return facts;
    }

    private static void flatten(String name, JsonNode node, Map<String, String> facts) {
        if (node.isObject() && node.has("file")) {
            facts.merge(
                    name + " " + node.path("file").asString(""),
                    node.path("sha256").asString(""),
                    StudyPage::both);
        } else if (node.isObject()) {
            node.forEachEntry((key, value) -> flatten(name + " " + key, value, facts));
        } else if (node.isArray()) {
            node.forEach(each -> flatten(name, each, facts));
        } else {
            facts.merge(name, node.asString(""), StudyPage::both);
        }
    }

    private static String both(String one, String other) {
        return one.contains(other) ? one : one + "; " + other;
    }
}
