package org.cpet.runtime.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Says which int8 path the numbers of a run come from, and how far apart the two are. */
final class MeasuredPaths {
    private MeasuredPaths() {}

    /** Sentences, none when nothing was quantised. */
    static List<String> of(JsonNode provenance) {
        List<String> distances = provenance
                .path("stages")
                .propertyStream()
                .filter(stage -> stage.getValue().path("exact_to_deployed").asDouble(0) > 0)
                .map(stage -> RunReport.title(stage.getKey())
                        + String.format(
                                Locale.ROOT,
                                " %.3g",
                                stage.getValue().path("exact_to_deployed").asDouble()))
                .collect(Collectors.toList());
        List<String> lines = new ArrayList<>();
        if (!distances.isEmpty()) {
            lines.add("Metrics and latency of quantised rows: the deployed path, int8 kernel "
                    + provenance.path("machine").path("int8_kernel").asString("unknown")
                    + ". Training losses: the exact path.");
            lines.add("Largest difference of a logit between the two: " + String.join(", ", distances) + ".");
        }
        return lines;
    }
}
