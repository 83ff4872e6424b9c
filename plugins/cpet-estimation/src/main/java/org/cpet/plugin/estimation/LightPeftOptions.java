package org.cpet.plugin.estimation;

import org.cpet.spi.Option;

/**
 * Options of {@code light_peft}.
 *
 * @param steps optimizer steps of the estimation
 * @param lambda weight of the sum of all masks' absolute values
 * @param heads share of the heads removed from each attention, in key/value groups
 * @param ffn share of the FFN neurons removed
 * @param ffnRanking over what neurons compete
 * @param modules share of the PET's modules removed
 * @param ranks share of the ranks removed from the modules that stay
 * @param importance how a rank's first-order terms become one number
 */
public record LightPeftOptions(
        @Option(description = "optimizer steps of the estimation", defaultValue = "800", min = 2)
        int steps,

        @Option(description = "weight of the masks' L1 norm beside the task loss", defaultValue = "0.0001", min = 0)
        double lambda,

        @Option(
                description = "share of the heads removed from each attention, in key/value groups",
                defaultValue = "0.3333333333333333",
                min = 0,
                max = 1,
                belowMax = true)
        double heads,

        @Option(
                description = "share of the FFN neurons removed",
                defaultValue = "0.3333333333333333",
                min = 0,
                max = 1,
                belowMax = true)
        double ffn,

        @Option(description = "over what neurons compete", defaultValue = "layer")
        Ranking ffnRanking,

        @Option(
                description = "share of the PET's modules removed",
                defaultValue = "0.75",
                min = 0,
                max = 1,
                belowMax = true)
        double modules,

        @Option(
                description = "share of the ranks removed from the modules that stay",
                defaultValue = "0.5",
                min = 0,
                max = 1,
                belowMax = true)
        double ranks,

        @Option(description = "how a rank's first-order terms become one number", defaultValue = "mean_then_abs")
        Importance importance) {}
