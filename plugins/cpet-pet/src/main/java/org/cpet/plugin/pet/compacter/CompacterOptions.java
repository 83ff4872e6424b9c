package org.cpet.plugin.pet.compacter;

import java.util.List;
import org.cpet.spi.Option;
import org.cpet.spi.OptionException;
import org.cpet.spi.Options;
import org.cpet.spi.tensor.Activation;

/**
 * Options of {@code compacter}, with the defaults of OpenDelta.
 *
 * @param reductionFactor how many times narrower than the layer's output the bottleneck is
 * @param hypercomplexDivision n, the number of Kronecker products in a matrix
 * @param factorized whether each W_m is a product of two factors
 * @param phmRank rank of that product
 * @param sharedRule whether all adapters have the same C
 */
public record CompacterOptions(
        @Option(
                description = "how many times narrower than the layer's output the bottleneck is",
                defaultValue = "16",
                min = 1)
        int reductionFactor,

        @Option(
                description = "n: Kronecker products in a matrix; must divide the layer's output and the bottleneck",
                defaultValue = "4",
                min = 1)
        int hypercomplexDivision,

        @Option(description = "non-linearity between the two projections", defaultValue = "relu")
        Activation activation,

        @Option(description = "whether the large matrix of each product is of low rank", defaultValue = "true")
        boolean factorized,

        @Option(description = "that rank", defaultValue = "1", min = 1)
        int phmRank,

        @Option(description = "whether all adapters have the same small matrices", defaultValue = "true")
        boolean sharedRule,

        @Option(
                description = "standard deviation of the small matrices at the start",
                defaultValue = "0.0001",
                min = 0,
                aboveMin = true)
        double phmInitRange,

        @Option(
                description =
                        "layers that get an adapter behind them: endings of names, or all-output, all-ffn-out, ...",
                defaultValue = "[all-output, all-ffn-out]")
        List<String> targetModules) {
    public CompacterOptions {
        targetModules = List.copyOf(targetModules);
        Options.check(!targetModules.isEmpty(), "target_modules must name at least one layer, was []");
    }

    /**
     * The bottleneck behind a layer.
     *
     * @throws OptionException when the layer cannot be divided
     */
    int bottleneck(String layer, int out) {
        int width = out / reductionFactor;
        if (width == 0 || width % hypercomplexDivision != 0 || out % hypercomplexDivision != 0) {
            throw new OptionException(
                    "hypercomplex_division must divide the outputs of a layer and the bottleneck behind it;"
                            + " found " + hypercomplexDivision + " for " + layer + " with " + out
                            + " outputs and a bottleneck of "
                            + width + "; allowed common divisors, or another reduction_factor than " + reductionFactor);
        }
        return width;
    }

    /** Parameters of a projection, its own C not counted. */
    long size(long in, long out) {
        long n = hypercomplexDivision;
        return (factorized ? phmRank * (in + out) : in * out / n) + out;
    }
}
