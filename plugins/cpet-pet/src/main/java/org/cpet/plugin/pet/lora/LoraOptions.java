package org.cpet.plugin.pet.lora;

import java.util.List;
import org.cpet.spi.Option;
import org.cpet.spi.Options;

/**
 * Options of {@code lora}, named as in PEFT.
 *
 * @param r rank of the update
 * @param loraAlpha numerator of the scale loraAlpha / r
 * @param loraDropout share of the input dropped in training
 */
public record LoraOptions(
        @Option(description = "rank of the update", defaultValue = "8", min = 1)
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

        @Option(description = "layers that get an update: endings of names such as [query, value], or all-linear")
        List<String> targetModules) {
    public LoraOptions {
        targetModules = List.copyOf(targetModules);
        Options.check(!targetModules.isEmpty(), "target_modules must name at least one layer, was []");
    }

    /** s = loraAlpha / r. */
    public double scale() {
        return loraAlpha / r;
    }
}
