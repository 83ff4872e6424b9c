package org.cpet.plugin.pet.adapter;

import java.util.List;
import org.cpet.spi.Option;
import org.cpet.spi.Options;
import org.cpet.spi.tensor.Activation;

/**
 * Options of {@code adapter}, with the defaults of OpenDelta.
 *
 * @param bottleneckDim width between the two projections
 * @param targetModules layers that get an adapter behind them
 */
public record AdapterOptions(
        @Option(description = "width between the two projections", defaultValue = "24", min = 1)
        int bottleneckDim,

        @Option(description = "non-linearity between the two projections", defaultValue = "gelu_tanh")
        Activation activation,

        @Option(
                description =
                        "layers that get an adapter behind them: endings of names, or all-output, all-ffn-out, ...",
                defaultValue = "[all-output, all-ffn-out]")
        List<String> targetModules) {
    public AdapterOptions {
        targetModules = List.copyOf(targetModules);
        Options.check(!targetModules.isEmpty(), "target_modules must name at least one layer, was []");
    }
}
