package org.cpet.runtime.plan;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.cpet.runtime.memory.MemoryChoice;

/**
 * What a training stage takes.
 *
 * @param stage {@code teacher}, {@code compressed_pet}, {@code cpet}
 * @param rows trained on
 * @param stepsPerEpoch optimizer steps
 * @param steps in all
 * @param trainable parameters
 * @param padding share of all input positions that is computed for nothing
 */
public record StageCost(
        String stage, long rows, long stepsPerEpoch, long steps, long trainable, double padding, MemoryChoice memory) {
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("stage", stage);
        json.put("rows", rows);
        json.put("steps_per_epoch", stepsPerEpoch);
        json.put("steps", steps);
        json.put("trainable_parameters", trainable);
        json.put("padding", padding);
        json.put("memory", memory.chosen().name().toLowerCase(Locale.ROOT));
        memory.available().ifPresent(bytes -> json.put("available_bytes", bytes));
        Map<String, Object> bytes = new LinkedHashMap<>();
        bytes.put("fast", memory.fast().json());
        bytes.put("low", memory.low().json());
        json.put("memory_bytes", bytes);
        return json;
    }
}
