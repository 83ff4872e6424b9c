package org.cpet.plugin.example;

import java.util.List;
import org.cpet.spi.Option;

/** Options of {@code diagonal}. */
public record DiagonalOptions(
        @Option(description = "layers that get a gain: endings of names, or all-linear", defaultValue = "[all-linear]")
        List<String> targetModules) {
    public DiagonalOptions {
        targetModules = List.copyOf(targetModules);
    }
}
