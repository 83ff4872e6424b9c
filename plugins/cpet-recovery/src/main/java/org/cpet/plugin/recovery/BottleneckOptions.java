package org.cpet.plugin.recovery;

import java.util.List;
import org.cpet.spi.Option;
import org.cpet.spi.Options;
import org.cpet.spi.tensor.Activation;

/**
 * Options of {@code bottleneck}.
 *
 * @param r rank of the bottleneck
 * @param loraAlpha numerator of the scale loraAlpha / r
 * @param activationByLayer exceptions to activation
 */
public record BottleneckOptions(
        @Option(description = "rank of the bottleneck", defaultValue = "8", min = 1)
        int r,

        @Option(description = "numerator of the scale lora_alpha / r", defaultValue = "16", min = 0, aboveMin = true)
        double loraAlpha,

        @Option(description = "non-linearity between the two projections", defaultValue = "gelu")
        Activation activation,

        @Option(
                description = "other non-linearities for some of the layers; the first entry that names a layer counts",
                defaultValue = "[]")
        List<LayerActivation> activationByLayer,

        @Option(
                description = "layers that get a module: endings of names, or all-linear",
                defaultValue = "[all-linear]")
        List<String> targetModules) {
    public BottleneckOptions {
        activationByLayer = List.copyOf(activationByLayer);
        targetModules = List.copyOf(targetModules);
        Options.check(!targetModules.isEmpty(), "target_modules must name at least one layer, was []");
    }

    /** s = loraAlpha / r. */
    public double scale() {
        return loraAlpha / r;
    }
}
