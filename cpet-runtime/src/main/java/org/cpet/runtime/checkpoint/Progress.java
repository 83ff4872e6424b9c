package org.cpet.runtime.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a stage stands between two optimizer steps; with the tensors beside it, all that an exact continuation needs.
 * Data order, learning rate and dropout are functions of seed and step, so nothing of them is kept.
 *
 * @param step optimizer steps done
 * @param tokens tokens read, padding not counted
 * @param seconds spent, those of earlier processes included
 * @param lossSum sum of the losses since the last logged one
 * @param lossCount how many
 * @param best the best epoch so far
 */
public record Progress(long step, long tokens, double seconds, double lossSum, int lossCount, Optional<Best> best) {
    /** Before the first step. */
    public static final Progress START = new Progress(0, 0, 0, 0, 0, Optional.empty());

    /**
     * The best evaluation on rows held out of training.
     *
     * @param step after which it was made
     * @param metrics in the recipe's order; the first decides
     * @param loss decides between equal metrics
     */
    public record Best(long step, double epoch, Map<String, Double> metrics, double loss) {
        /** Whether another evaluation is better: higher first metric, then lower loss; on a tie the earlier stays. */
        public boolean isBeatenBy(Best other) {
            double mine = first(metrics);
            double theirs = first(other.metrics);
            return theirs > mine || (theirs == mine && other.loss < loss) || (Double.isNaN(mine) && theirs >= 0);
        }

        private static double first(Map<String, Double> metrics) {
            return metrics.values().stream().findFirst().orElse(Double.NaN);
        }
    }

    ObjectNode toJson() {
        ObjectNode json = Json.object()
                .put("step", step)
                .put("tokens", tokens)
                .put("seconds", seconds)
                .put("loss_sum", lossSum)
                .put("loss_count", lossCount);
        best.ifPresent(found -> {
            ObjectNode node = json.putObject("best").put("step", found.step).put("epoch", found.epoch);
            node.put("loss", String.valueOf(found.loss)); // as text: JSON has no NaN
            ObjectNode metrics = node.putObject("metrics");
            found.metrics.forEach((name, value) -> metrics.put(name, String.valueOf(value)));
        });
        return json;
    }

    static Progress fromJson(JsonNode json) {
        return new Progress(
                json.path("step").asLong(),
                json.path("tokens").asLong(),
                json.path("seconds").asDouble(),
                json.path("loss_sum").asDouble(),
                json.path("loss_count").asInt(),
                json.has("best") ? Optional.of(bestFrom(json.path("best"))) : Optional.empty());
    }

    private static Best bestFrom(JsonNode json) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        json.path("metrics").forEachEntry((name, value) -> metrics.put(name, Double.parseDouble(value.asString())));
        return new Best(
                json.path("step").asLong(),
                json.path("epoch").asDouble(),
                metrics,
                Double.parseDouble(json.path("loss").asString()));
    }
}
