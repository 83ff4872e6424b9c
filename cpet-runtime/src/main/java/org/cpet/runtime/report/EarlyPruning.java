package org.cpet.runtime.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.cpet.runtime.recipe.Paradigm;
import tools.jackson.databind.JsonNode;

/** What an estimation's pruning changed in steps, memory and inference, measured in one run. */
final class EarlyPruning {
    private EarlyPruning() {}

    /** A sentence; none where nothing was estimated, or nothing trained after it. */
    static List<String> of(JsonNode provenance) {
        JsonNode stages = provenance.path("stages");
        JsonNode before = stages.path("estimation");
        Optional<Paradigm> trained = List.of(Paradigm.COMPRESSED_PET, Paradigm.CPET).stream()
                .filter(row -> stages.path(row.key()).path("step_ms").isNumber())
                .findFirst();
        if (before.isMissingNode() || trained.isEmpty()) {
            return List.of();
        }
        JsonNode after = stages.path(trained.get().key());
        List<String> parts = new ArrayList<>();
        add(parts, "optimizer step %.1f to %.1f ms", 1, before.path("step_ms"), after.path("step_ms"));
        add(parts, "peak memory %.0f to %.0f MB", 1e-6, before.path("training_bytes"), after.path("training_bytes"));
        add(
                parts,
                "inference %.2f to %.2f ms",
                1,
                before.path("latency").path("mean_ms"),
                after.path("latency").path("mean_ms"));
        return parts.isEmpty()
                ? List.of()
                : List.of("Before and after what the estimation removed ("
                        + trained.get().title() + "): " + String.join(", ", parts) + ".");
    }

    private static void add(List<String> parts, String form, double unit, JsonNode before, JsonNode after) {
        if (before.isNumber() && after.isNumber()) {
            parts.add(String.format(Locale.ROOT, form, unit * before.asDouble(), unit * after.asDouble()));
        }
    }
}
