package org.cpet.plugin.quantization.grouped;

import java.util.List;
import org.cpet.spi.Option;
import org.cpet.spi.Options;

/** Options of {@code qat}. */
public record QatOptions(
        @Option(
                description = "packed layers whose weights are trained: endings of names such as [query, value], or"
                        + " all-linear",
                defaultValue = "[all-linear]")
        List<String> targetModules) {
    public QatOptions {
        targetModules = List.copyOf(targetModules);
        Options.check(!targetModules.isEmpty(), "target_modules must name at least one layer, was []");
    }
}
