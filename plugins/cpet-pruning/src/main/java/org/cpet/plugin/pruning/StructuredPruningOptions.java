package org.cpet.plugin.pruning;

import java.nio.file.Path;
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
                description =
                        "what is kept: the largest activation x weight norm, or the largest weight norm (magnitude)",
                defaultValue = "activation")
        Criterion criterion,

        @Option(description = "a JSON file with kept_kv_groups and kept_ffn_units by module, instead of shares")
        Optional<Path> keep,

        @Option(description = "rows that activations are measured on", defaultValue = "256", min = 1)
        int calibrationRows) {
    public StructuredPruningOptions {
        Options.check(heads >= 0 && heads < 1, "heads must be at least 0 and below 1, was %s", heads);
        Options.check(ffn >= 0 && ffn < 1, "ffn must be at least 0 and below 1, was %s", ffn);
        Options.check(calibrationRows >= 1, "calibration_rows must be at least 1, was %s", calibrationRows);
        Options.check(
                keep.isEmpty() || (heads == 0 && ffn == 0),
                "keep says which heads and neurons stay, so heads and ffn must be left out, was heads %s, ffn %s",
                heads,
                ffn);
    }
}
