package org.cpet.runtime.study;

import java.util.List;
import java.util.Map;
import org.cpet.runtime.checkpoint.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code study.json}: the same for a study run at once and one that was continued, timings and memory aside. */
final class StudyJson {
    private final Findings findings;

    StudyJson(Findings findings) {
        this.findings = findings;
    }

    ObjectNode document() {
        StudyPlan plan = findings.plan();
        ObjectNode json = Json.object().put("name", plan.name());
        json.put("study", Variants.key(plan.options().study())).put("complete", findings.complete());
        json.set("seeds", Json.of(plan.seeds()));
        ArrayNode lines = json.putArray("lines");
        findings.lines().forEach(line -> lines.add(line(line)));
        findings.selection().ifPresent(found -> json.set("selected", selected(found)));
        ArrayNode cells = json.putArray("cells");
        findings.cells().forEach((cell, state) -> {
            ObjectNode node = cells.addObject().put("key", cell.key()).put("seed", cell.seed());
            node.set("variants", Json.of(cell.variants()));
            node.put("state", state.key());
        });
        json.set("notices", Json.of(findings.allNotices()));
        json.set("provenance", provenance());
        return json;
    }

    private static ObjectNode line(Line line) {
        ObjectNode json = Json.object().put("variant", line.variant().name());
        json.set("settings", Json.of(line.variant().settings()));
        json.put("row", line.row().key());
        ObjectNode metrics = json.putObject("metrics");
        line.metrics().forEach(metric -> {
            ObjectNode node = statistics(line.metric(metric));
            node.set(
                    "values",
                    Json.of(line.samples().stream()
                            .map(sample -> sample.metric(metric))
                            .toList()));
            metrics.set(metric, node);
        });
        ObjectNode validation = json.putObject("validation");
        line.samples().stream()
                .flatMap(sample -> sample.facts().path("validation").propertyNames().stream())
                .distinct()
                .forEach(metric -> validation.set(metric, statistics(line.validation(metric))));
        Json.put(json, "trainable_parameters", line.mean("trainable_parameters"));
        Json.put(json, "model_bytes", line.mean("model_bytes"));
        Json.put(json, "adapter_bytes", line.fact("adapter_bytes").mean());
        Json.put(json, "training_bytes", line.fact("training_bytes").mean());
        json.set("step_ms", statistics(line.fact("step_ms")));
        json.set("latency_ms", statistics(line.latency()));
        Statistics calls = line.calls();
        ObjectNode each = json.putObject("latency_calls_ms").put("count", calls.count());
        Json.put(Json.put(each, "mean", calls.mean()), "sd", calls.sd());
        return json;
    }

    private static ObjectNode statistics(Statistics found) {
        ObjectNode json = Json.object().put("count", found.count());
        Json.put(json, "mean", found.mean());
        Json.put(json, "sd", found.sd());
        Json.put(json, "low", found.low());
        return Json.put(json, "high", found.high());
    }

    private static ObjectNode selected(Selection found) {
        ObjectNode json = Json.object().put("variant", found.line().variant().name());
        json.put("row", found.line().row().key()).put("metric", found.by().metric());
        json.set("validation", statistics(found.validation()));
        return json;
    }

    /** What the first cell says of itself; where another says otherwise, both are shown. */
    private ObjectNode provenance() {
        ObjectNode json = Json.object();
        for (Map.Entry<Cell, CellState> entry : findings.cells().entrySet()) {
            findings.result(entry.getKey())
                    .map(result -> result.path("provenance"))
                    .ifPresent(found -> {
                        for (String key : List.of("model", "data", "plugins", "versions", "machine")) {
                            merge(json, key, found.path(key));
                        }
                    });
        }
        return json;
    }

    private static void merge(ObjectNode json, String key, JsonNode value) {
        ArrayNode all = json.withArray(key);
        if (all.valueStream().noneMatch(value::equals)) {
            all.add(value);
        }
    }
}
