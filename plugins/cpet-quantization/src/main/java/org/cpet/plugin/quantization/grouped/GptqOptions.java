package org.cpet.plugin.quantization.grouped;

import java.util.List;
import java.util.Optional;
import org.cpet.spi.Option;
import org.cpet.spi.Options;

/** Options of {@code gptq}. */
public record GptqOptions(
        @Option(description = "bits of a weight: 2, 3, 4 or 8", defaultValue = "4")
        int bits,

        @Option(description = "columns that share a scale; without it a row has one", min = 2)
        Optional<Integer> groupSize,

        @Option(
                description = "range of the codes: minmax covers every weight, grid tries 80 smaller ranges",
                defaultValue = "minmax")
        RangeSearch range,

        @Option(
                description = "whether columns are rounded in the order of their inputs' energy, largest first",
                defaultValue = "false")
        boolean actOrder,

        @Option(
                description = "added to the Hessian's diagonal, as a share of its mean",
                defaultValue = "0.01",
                min = 0,
                max = 1)
        double damp,

        @Option(description = "training rows to measure inputs on", defaultValue = "128", min = 1)
        int calibrationRows,

        @Option(
                description = "layers of the attention and FFN blocks, by name endings, or all-linear",
                defaultValue = "[all-linear]")
        List<String> targetModules,

        @Option(
                description = "layers to add from anywhere (pooler, classifier, output head), by name endings",
                defaultValue = "[]")
        List<String> include) {
    public GptqOptions {
        GroupedForm.check(bits);
        targetModules = List.copyOf(targetModules);
        include = List.copyOf(include);
        Options.check(!targetModules.isEmpty() || !include.isEmpty(), "target_modules must name a layer, was []");
    }

    /** How a layer's weight is held. */
    GroupedForm form() {
        return new GroupedForm(bits, groupSize.orElse(0));
    }
}
