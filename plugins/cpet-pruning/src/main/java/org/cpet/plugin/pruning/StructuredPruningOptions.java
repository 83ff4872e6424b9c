package org.cpet.plugin.pruning;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.cpet.spi.Option;
import org.cpet.spi.Options;

/** Options of {@code structured_pruning}: shares, or a file with the indices to keep. */
public record StructuredPruningOptions(
        @Option(
                description = "share of the heads removed from each attention, counted in key/value groups",
                defaultValue = "0",
                min = 0,
                max = 1,
                belowMax = true)
        double heads,

        @Option(
                description = "share of the neurons removed from each FFN",
                defaultValue = "0",
                min = 0,
                max = 1,
                belowMax = true)
        double ffn,

        @Option(
                description = "share of the layers removed from each stack (depth)",
                defaultValue = "0",
                min = 0,
                max = 1,
                belowMax = true)
        double layers,

        @Option(
                description = "share of the channels of the hidden states removed everywhere (width)",
                defaultValue = "0",
                min = 0,
                max = 1,
                belowMax = true)
        double hidden,

        @Option(
                description = "what is kept: the largest activation x weight norm, the largest weight norm (magnitude),"
                        + " what the loss misses most to first order (taylor), or what gates learn to keep (l0)",
                defaultValue = "activation")
        Criterion criterion,

        @Option(
                description = "uniform: the same share of every layer; free: the best of all layers stay, at least one"
                        + " in each",
                defaultValue = "uniform")
        Allocation allocation,

        @Option(
                description = "a JSON file with kept_kv_groups and kept_ffn_units by module, kept_layers and"
                        + " kept_hidden, instead of shares")
        Optional<Path> keep,

        @Option(description = "rows that activations, gradients or gates see", defaultValue = "256", min = 1)
        int calibrationRows,

        @Option(description = "how criterion l0 learns") Optional<L0Options> l0) {
    public StructuredPruningOptions {
        Options.check(heads >= 0 && heads < 1, "heads must be at least 0 and below 1, was %s", heads);
        Options.check(ffn >= 0 && ffn < 1, "ffn must be at least 0 and below 1, was %s", ffn);
        Options.check(layers >= 0 && layers < 1, "layers must be at least 0 and below 1, was %s", layers);
        Options.check(hidden >= 0 && hidden < 1, "hidden must be at least 0 and below 1, was %s", hidden);
        Options.check(
                criterion != Criterion.L0 || (layers == 0 && hidden == 0),
                "criterion l0 learns gates of heads and neurons, so layers and hidden must be left out, was layers %s,"
                        + " hidden %s",
                layers,
                hidden);
        Options.check(calibrationRows >= 1, "calibration_rows must be at least 1, was %s", calibrationRows);
        Options.check(
                keep.isEmpty() || (heads == 0 && ffn == 0 && layers == 0 && hidden == 0),
                "keep says what stays, so heads, ffn, layers and hidden must be left out, was heads %s, ffn %s,"
                        + " layers %s, hidden %s",
                heads,
                ffn,
                layers,
                hidden);
        Options.check(
                l0.isEmpty() || criterion == Criterion.L0,
                "l0 says how gates are learned and goes with criterion l0, was criterion %s",
                criterion.name().toLowerCase(Locale.ROOT));
    }

    /** How gates are learned. */
    L0Options learning() {
        return l0.orElse(L0Options.DEFAULT);
    }

    /** Whether the shares remove anything. */
    boolean removes() {
        return heads > 0 || ffn > 0 || layers > 0 || hidden > 0;
    }
}
