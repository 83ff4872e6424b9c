package org.cpet.plugin.recovery;

import java.util.List;
import org.cpet.spi.Option;
import org.cpet.spi.Options;
import org.cpet.spi.tensor.Activation;

/** A non-linearity for some of the layers that have a bottleneck. */
public record LayerActivation(
        @Option(description = "which layers: endings of names, or all-query, all-ffn-in, ...")
        List<String> targetModules,

        @Option(description = "their non-linearity") Activation activation) {
    public LayerActivation {
        targetModules = List.copyOf(targetModules);
        Options.check(!targetModules.isEmpty(), "target_modules must name at least one layer, was []");
    }
}
