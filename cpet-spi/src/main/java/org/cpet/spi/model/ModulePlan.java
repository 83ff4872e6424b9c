package org.cpet.spi.model;

import java.util.List;
import java.util.Map;

/**
 * What attaching a method would add.
 *
 * @param parameters trainable parameters by layer, in the model's order
 * @param unmatched targets that choose nothing
 */
public record ModulePlan(Map<String, Long> parameters, List<String> unmatched) {
    /** All trainable parameters. */
    public long total() {
        return parameters.values().stream().mapToLong(Long::longValue).sum();
    }
}
