package org.cpet.plugin.quantization.loftq;

import java.util.List;
import java.util.Optional;
import org.cpet.plugin.quantization.grouped.GroupedForm;
import org.cpet.spi.Option;
import org.cpet.spi.Options;

/** Options of {@code loftq}. */
public record LoftqOptions(
        @Option(
                description = "rank of the factors, which is the r of the lora that starts from them",
                defaultValue = "8",
                min = 1)
        int r,

        @Option(description = "times that weights and factors are fitted in turns", defaultValue = "5", min = 1)
        int iterations,

        @Option(description = "how weights are packed: nf4 with double quantisation, or rtn", defaultValue = "nf4")
        LoftqBase base,

        @Option(description = "bits of a weight with base: rtn: 2, 3, 4 or 8", defaultValue = "4")
        int bits,

        @Option(description = "columns that share a scale with base: rtn; without it a row has one", min = 2)
        Optional<Integer> groupSize,

        @Option(
                description = "layers of the attention and FFN blocks, by name endings, or all-linear",
                defaultValue = "[all-linear]")
        List<String> targetModules) {
    public LoftqOptions {
        targetModules = List.copyOf(targetModules);
        Options.check(!targetModules.isEmpty(), "target_modules must name a layer, was []");
        Options.check(
                base == LoftqBase.RTN || (bits == 4 && groupSize.isEmpty()),
                "bits and group_size belong to base: rtn; nf4 has 4 bits in blocks of 64, was bits %d",
                bits);
        GroupedForm.check(bits);
    }
}
