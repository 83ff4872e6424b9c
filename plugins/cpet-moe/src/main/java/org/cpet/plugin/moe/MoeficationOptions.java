package org.cpet.plugin.moe;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.Optional;
import org.cpet.spi.Option;
import org.cpet.spi.Options;

/** Options of {@code moefication}. */
public record MoeficationOptions(
        @Option(description = "experts of each FFN; must divide its neurons (the paper: 32 neurons each)", min = 2)
        int experts,

        @Option(
                description = "share of the experts that is computed for a token, rounded down, at least one",
                defaultValue = "0.2",
                min = 0,
                aboveMin = true,
                max = 1)
        double share,

        @Option(description = "experts computed for a token, instead of a share", min = 1)
        Optional<Integer> topK,

        @Option(
                description =
                        "neurons of an expert: alike in their weights, active together (coactivation), or neighbours"
                                + " (contiguous)",
                defaultValue = "parameters")
        Clustering clustering,

        @Option(description = "what chooses a token's experts", defaultValue = "similarity")
        RouterKind router,

        @Option(description = "a JSON file {ffn: [expert of each neuron]}, instead of a clustering")
        Optional<Path> labels,

        @Option(
                description =
                        "whether neurons outside a token's experts are zero with what stands beside the layer in, too;"
                                + " if not, recovery modules there make them non-zero and the layer out is computed in full",
                defaultValue = "true")
        boolean maskRecoveryWithExperts,

        @Option(
                description = "rows that coactivation and the mlp router are measured on",
                defaultValue = "256",
                min = 1)
        int calibrationRows,

        @Option(description = "tokens of these rows used at most", defaultValue = "4096", min = 16)
        int calibrationTokens,

        @Option(description = "passes over these tokens that train an mlp router", defaultValue = "30", min = 1)
        int routerEpochs,

        @Option(description = "learning rate of an mlp router", defaultValue = "0.01", min = 0, aboveMin = true)
        double routerLearningRate) {
    public MoeficationOptions {
        Options.check(experts >= 2, "experts must be at least 2, was %s", experts);
        Options.check(share > 0 && share <= 1, "share must be above 0 and at most 1, was %s", share);
        int all = experts;
        topK.ifPresent(count -> Options.check(
                count >= 1 && count <= all, "top_k must be at least 1 and at most experts (%s), was %s", all, count));
    }

    /** k = top_k, or ⌊share · experts⌋ but at least 1; the share is taken as the decimal number that was written. */
    public int chosen() {
        return topK.orElseGet(() -> Math.max(
                1,
                BigDecimal.valueOf(share)
                        .multiply(BigDecimal.valueOf(experts))
                        .setScale(0, RoundingMode.FLOOR)
                        .intValueExact()));
    }

    /** Whether rows of data are run through the model. */
    public boolean measures() {
        return router == RouterKind.MLP || (labels.isEmpty() && clustering == Clustering.COACTIVATION);
    }
}
