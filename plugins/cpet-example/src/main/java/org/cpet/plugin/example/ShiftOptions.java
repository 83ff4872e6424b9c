package org.cpet.plugin.example;

import java.util.List;
import org.cpet.spi.Option;
import org.cpet.spi.Options;

/** Options of {@code shift}. */
public record ShiftOptions(
        // No default: a recipe must give this key, and is told so when it does not.
        @Option(description = "layers that are shifted: endings of names such as [query, value], or all-linear")
        List<String> targetModules) {
    public ShiftOptions {
        targetModules = List.copyOf(targetModules);
        Options.check(!targetModules.isEmpty(), "target_modules must name at least one layer, was []");
    }
}
