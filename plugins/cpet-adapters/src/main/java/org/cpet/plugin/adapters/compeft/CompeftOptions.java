package org.cpet.plugin.adapters.compeft;

import java.math.BigDecimal;
import org.cpet.spi.Option;

/** Options of {@code compeft}. */
public record CompeftOptions(
        @Option(
                description = "share of entries that keep their sign, those of the largest magnitude",
                defaultValue = "0.05",
                min = 0,
                aboveMin = true,
                max = 1)
        double density,

        @Option(
                description = "the kept entries become alpha times the standard deviation of all",
                defaultValue = "1",
                min = 0,
                aboveMin = true)
        double alpha,

        @Option(
                description = "a share and a scale for each tensor instead of one for all; not part of the method",
                defaultValue = "false")
        boolean perTensor) {
    /** ⌊d · density⌋ of the density as it is written in decimal. */
    long kept(long d) {
        return BigDecimal.valueOf(density).multiply(BigDecimal.valueOf(d)).longValue();
    }

    CompeftOptions withAlpha(double other) {
        return new CompeftOptions(density, other, perTensor);
    }
}
