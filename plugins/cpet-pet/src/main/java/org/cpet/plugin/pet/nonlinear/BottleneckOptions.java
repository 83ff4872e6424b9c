package org.cpet.plugin.pet.nonlinear;

import java.util.List;
import org.cpet.spi.Option;
import org.cpet.spi.Options;
import org.cpet.spi.tensor.Activation;

/**
 * Options of {@code bottleneck}.
 *
 * @param r rank of the bottleneck
 * @param loraAlpha numerator of the scale loraAlpha / r
 */
public record BottleneckOptions(
        @Option(description = "rank of the bottleneck", defaultValue = "8", min = 1)
        int r,

        @Option(description = "numerator of the scale lora_alpha / r", defaultValue = "16", min = 0, aboveMin = true)
        double loraAlpha,

        @Option(
                description = "share of a layer's input that is dropped in training",
                defaultValue = "0",
                min = 0,
                max = 1,
                belowMax = true)
        double loraDropout,

        @Option(description = "non-linearity between the two projections", defaultValue = "gelu")
        Activation activation,

        @Option(description = "layers that get a bottleneck: endings of names such as [query, value], or all-linear")
        List<String> targetModules) {
    public BottleneckOptions {
        targetModules = List.copyOf(targetModules);
        Options.check(!targetModules.isEmpty(), "target_modules must name at least one layer, was []");
        Options.check(
                activation != Activation.IDENTITY,
                "activation must not be linear; found identity; allowed another one, or type: lora");
    }

    /** s = loraAlpha / r. */
    public double scale() {
        return loraAlpha / r;
    }
}
