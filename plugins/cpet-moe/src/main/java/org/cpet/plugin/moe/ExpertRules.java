package org.cpet.plugin.moe;

import java.util.Locale;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.model.FeedForwardSpec;
import org.cpet.spi.tensor.Activation;

/** Which FFNs can be split into experts. */
final class ExpertRules {
    private ExpertRules() {}

    static void check(FeedForwardSpec block, MoeficationOptions options) {
        if (!block.isDense()) {
            throw refused(block, block.form(), "a dense FFN, once per model");
        }
        String activation = block.activation().name().toLowerCase(Locale.ROOT);
        if (block.gated()) {
            throw refused(
                    block,
                    "a gate (" + activation + ")",
                    "FFNs with one layer in and a ReLU: the neurons of a gated FFN are not sparse enough to leave most of"
                            + " them out");
        }
        if (block.activation() != Activation.RELU) {
            throw refused(
                    block,
                    activation,
                    "relu, whose neurons are mostly 0; put " + ReluficationFactory.NAME + " before it");
        }
        if (block.units() % options.experts() != 0) {
            throw refused(
                    block,
                    "experts " + options.experts() + " for " + block.units() + " neurons",
                    "numbers that divide the neurons");
        }
    }

    private static CpetException refused(FeedForwardSpec block, String found, String allowed) {
        return new CpetException(
                ExitCode.RECIPE,
                MoeficationFactory.NAME + ": FFN " + block.name() + "; found " + found + "; allowed " + allowed);
    }
}
