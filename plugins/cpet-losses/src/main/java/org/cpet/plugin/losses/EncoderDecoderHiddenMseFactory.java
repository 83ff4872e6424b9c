package org.cpet.plugin.losses;

import java.util.List;
import org.cpet.spi.PluginContext;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.DistillationLossFactory;
import org.cpet.spi.loss.OutputKind;

/** {@code encoder_decoder_hidden_mse}. */
public final class EncoderDecoderHiddenMseFactory implements DistillationLossFactory<EncoderDecoderHiddenOptions> {
    static final String NAME = "encoder_decoder_hidden_mse";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "mean squared differences to the last hidden states of the teacher's encoder and of its decoder";
    }

    @Override
    public Class<EncoderDecoderHiddenOptions> optionsType() {
        return EncoderDecoderHiddenOptions.class;
    }

    @Override
    public DistillationLoss create(EncoderDecoderHiddenOptions options, PluginContext context) {
        return new SumOfDistances(
                context.ops(),
                List.of(
                        new MeanSquaredError(
                                context.ops(),
                                OutputKind.ENCODER_LAST_HIDDEN,
                                new MeanSquaredErrorOptions(
                                        options.encoderAlpha().orElse(options.alpha()), options.reduction())),
                        new MeanSquaredError(
                                context.ops(),
                                OutputKind.LAST_HIDDEN,
                                new MeanSquaredErrorOptions(
                                        options.decoderAlpha().orElse(options.alpha()), options.reduction()))));
    }
}
