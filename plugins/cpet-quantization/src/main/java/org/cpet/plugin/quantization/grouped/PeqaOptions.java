package org.cpet.plugin.quantization.grouped;

import java.util.List;
import org.cpet.spi.Option;
import org.cpet.spi.Options;

/** Options of {@code peqa}. */
public record PeqaOptions(
        @Option(
                description = "packed layers whose scales are trained: endings of names such as [query, value], or"
                        + " all-linear",
                defaultValue = "[all-linear]")
        List<String> targetModules) {
    public PeqaOptions {
        targetModules = List.copyOf(targetModules);
        Options.check(!targetModules.isEmpty(), "target_modules must name at least one layer, was []");
    }
}
