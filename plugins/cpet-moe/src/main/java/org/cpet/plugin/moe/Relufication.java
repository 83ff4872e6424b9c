package org.cpet.plugin.moe;

import java.util.List;
import java.util.Locale;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.FeedForwardSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Activation;

/**
 * FFN(x) = W₂ ReLU(W₁ x + b₁) + b₂ where another non-linearity was; weights stay. Nothing becomes smaller: it makes the
 * neurons sparse, which {@code moefication} needs, and the model worse until it is healed.
 */
final class Relufication implements Compressor {
    private final PluginContext context;

    Relufication(PluginContext context) {
        this.context = context;
    }

    @Override
    public ModelLayout plan(ModelLayout layout) {
        layout.feedForwards().forEach(Relufication::check);
        return layout.with(
                layout.linears(),
                layout.attentions(),
                layout.feedForwards().stream()
                        .map(block -> block.withActivation(Activation.RELU))
                        .toList());
    }

    @Override
    public CompressionReport compress(TransformerModel model, CalibrationData calibration) {
        plan(model.layout());
        List<FeedForwardSite> others = model.feedForwards().stream()
                .filter(block -> block.activation() != Activation.RELU)
                .toList();
        if (others.isEmpty()) {
            context.notice(ReluficationFactory.NAME + " changes nothing: every FFN has a ReLU");
        }
        others.forEach(block -> block.activate(Activation.RELU));
        return CompressionReport.of(ReluficationFactory.NAME, List.of());
    }

    private static void check(FeedForwardSpec block) {
        if (block.gated()) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    ReluficationFactory.NAME + ": FFN " + block.name() + "; found a gate ("
                            + block.activation().name().toLowerCase(Locale.ROOT)
                            + "); allowed FFNs with one layer in: behind a gate a ReLU leaves too many neurons active");
        }
        if (!block.isDense()) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    ReluficationFactory.NAME + ": FFN " + block.name() + "; found " + block.form()
                            + "; allowed dense; put " + ReluficationFactory.NAME + " before "
                            + MoeficationFactory.NAME);
        }
    }
}
