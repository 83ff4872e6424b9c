package org.cpet.plugin.pet.lora;

import java.util.List;
import org.cpet.spi.Option;
import org.cpet.spi.Options;

/**
 * Options of {@code lora}, named as in PEFT.
 *
 * @param r rank of the update
 * @param loraAlpha numerator of the scale
 * @param loraDropout share of the input dropped in training
 * @param useRslora whether the scale is loraAlpha / √r instead of loraAlpha / r
 * @param useDora whether direction and magnitude of each row are trained apart
 * @param init where the factors start
 */
public record LoraOptions(
        @Option(description = "rank of the update", defaultValue = "8", min = 1)
        int r,

        @Option(
                description = "numerator of the scale lora_alpha / r (lora_alpha / sqrt(r) with use_rslora)",
                defaultValue = "16",
                min = 0,
                aboveMin = true)
        double loraAlpha,

        @Option(
                description = "share of a layer's input that is dropped in training",
                defaultValue = "0",
                min = 0,
                max = 1,
                belowMax = true)
        double loraDropout,

        @Option(description = "rank-stabilised: scale lora_alpha / sqrt(r)", defaultValue = "false")
        boolean useRslora,

        @Option(
                description = "DoRA: the update turns each row of the weight, a trained magnitude gives its length",
                defaultValue = "false")
        boolean useDora,

        @Option(
                description = "where A and B start: fresh changes nothing, loftq takes what the compressor loftq left",
                defaultValue = "fresh")
        LoraStart init,

        @Option(
                description = "layers that get an update: endings of names such as [query, value], or all-linear,"
                        + " all-query, all-value, ...")
        List<String> targetModules) {
    public LoraOptions {
        targetModules = List.copyOf(targetModules);
        Options.check(!targetModules.isEmpty(), "target_modules must name at least one layer, was []");
        Options.check(!useDora || init == LoraStart.FRESH, "init must be fresh with use_dora, was loftq");
    }

    /** Plain LoRA. */
    public LoraOptions(int r, double loraAlpha, double loraDropout, List<String> targetModules) {
        this(r, loraAlpha, loraDropout, false, false, targetModules);
    }

    /** With fresh factors. */
    public LoraOptions(
            int r,
            double loraAlpha,
            double loraDropout,
            boolean useRslora,
            boolean useDora,
            List<String> targetModules) {
        this(r, loraAlpha, loraDropout, useRslora, useDora, LoraStart.FRESH, targetModules);
    }

    /** s = loraAlpha / r, or loraAlpha / √r. */
    public double scale() {
        return loraAlpha / (useRslora ? Math.sqrt(r) : r);
    }
}
