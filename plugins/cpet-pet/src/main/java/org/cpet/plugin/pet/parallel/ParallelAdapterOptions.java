package org.cpet.plugin.pet.parallel;

import java.util.List;
import org.cpet.spi.Option;
import org.cpet.spi.Options;
import org.cpet.spi.tensor.Activation;

/**
 * Options of {@code parallel_adapter}, with the defaults of OpenDelta.
 *
 * @param bottleneckDim width between the two projections
 * @param scale factor of what is added
 * @param blocks which blocks get an adapter beside them
 */
public record ParallelAdapterOptions(
        @Option(description = "width between the two projections", defaultValue = "24", min = 1)
        int bottleneckDim,

        @Option(description = "non-linearity between the two projections", defaultValue = "gelu_tanh")
        Activation activation,

        @Option(description = "factor of what is added", defaultValue = "1", min = 0, aboveMin = true)
        double scale,

        @Option(description = "blocks that get an adapter beside them", defaultValue = "[attention, ffn]")
        List<AdapterBlock> blocks) {
    public ParallelAdapterOptions {
        blocks = List.copyOf(blocks);
        Options.check(!blocks.isEmpty(), "blocks must name at least one of attention, ffn, was []");
    }
}
