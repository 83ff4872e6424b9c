package org.cpet.runtime.train;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.cpet.runtime.checkpoint.Json;
import org.cpet.runtime.recipe.Paradigm;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A row of the table.
 *
 * @param metrics by name, 0 to 1
 * @param trainableParameters numbers in P, head and R
 * @param modelBytes bytes of the frozen model, without P and R
 * @param latencyMs milliseconds of a forward pass of the timed batch, the median over calls
 */
public record ResultRow(
        Paradigm paradigm,
        long seed,
        Map<String, Double> metrics,
        long trainableParameters,
        long modelBytes,
        double latencyMs) {
    /** As {@code result.json} holds it. */
    public ObjectNode toJson() {
        ObjectNode json = Json.object().put("paradigm", paradigm.key()).put("seed", seed);
        ObjectNode values = json.putObject("metrics");
        metrics.forEach((name, value) -> Json.put(values, name, value));
        json.put("trainable_parameters", trainableParameters).put("model_bytes", modelBytes);
        return Json.put(json, "latency_ms", latencyMs);
    }

    /** Reads what {@link #toJson} wrote. */
    public static ResultRow fromJson(JsonNode json) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        json.path("metrics").forEachEntry((name, value) -> metrics.put(name, value.asDouble(Double.NaN)));
        return new ResultRow(
                Paradigm.valueOf(json.path("paradigm").asString().toUpperCase(Locale.ROOT)),
                json.path("seed").asLong(),
                metrics,
                json.path("trainable_parameters").asLong(),
                json.path("model_bytes").asLong(),
                json.path("latency_ms").asDouble(Double.NaN));
    }
}
