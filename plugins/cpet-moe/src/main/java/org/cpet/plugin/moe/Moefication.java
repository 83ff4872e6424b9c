package org.cpet.plugin.moe;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.compress.CompressionReport.SiteChange;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.compress.StorageRule;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/**
 * MoEfication: the d_ff neurons of each FFN become E experts of d_ff / E neurons; for a token the k best experts of a
 * router are computed, all other neurons are 0. Weights stay, in an order in which an expert's neurons are neighbours.
 */
final class Moefication implements Compressor {
    private final MoeficationOptions options;
    private final PluginContext context;

    Moefication(MoeficationOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
    }

    @Override
    public ModelLayout plan(ModelLayout layout) {
        layout.feedForwards().forEach(block -> ExpertRules.check(block, options));
        StorageRule.movable(MoeficationFactory.NAME)
                .check(layout.feedForwards().stream()
                        .flatMap(block -> Stream.of(block.ins().get(0), block.out()))
                        .map(layout::linear)
                        .toList());
        options.labels().ifPresent(file -> LabelsFile.read(file, layout, options.experts()));
        String form = ExpertChoice.of(options).form();
        return layout.with(
                layout.linears(),
                layout.attentions(),
                layout.feedForwards().stream()
                        .map(block -> block.withForm(form))
                        .toList());
    }

    @Override
    public boolean needsCalibration() {
        return options.measures();
    }

    @Override
    public CompressionReport compress(TransformerModel model, CalibrationData calibration) {
        ModelLayout layout = model.layout();
        plan(layout);
        Map<String, int[]> given = options.labels()
                .map(file -> LabelsFile.read(file, layout, options.experts()))
                .orElse(Map.of());
        Map<String, float[][]> tokens =
                options.measures() ? new ReadTokens(context.ops(), options).collect(model, calibration) : Map.of();
        List<SiteChange> changes = new ArrayList<>();
        Map<String, int[]> kept = new LinkedHashMap<>();
        double captured = 0;
        for (FeedForwardSite block : model.feedForwards()) {
            float[][] read = tokens.getOrDefault(block.ins().get(0).name(), new float[0][]);
            Expertise expertise = new Expertise(options, context, block, read);
            int[] order = expertise.order(given.get(block.name()));
            kept.put(block.name(), order);
            change(block, order, changes);
            Router router = expertise.router();
            captured += expertise.captured(router) / model.feedForwards().size();
            block.replace(new ExpertFeedForward(context.ops(), block, router, ExpertChoice.of(options)));
        }
        say(model, captured);
        return new CompressionReport(MoeficationFactory.NAME, changes, Map.of(), kept);
    }

    private void change(FeedForwardSite block, int[] order, List<SiteChange> changes) {
        List<LinearSite> sites = List.of(block.ins().get(0), block.out());
        List<LinearSpec> before = sites.stream().map(LinearSite::spec).toList();
        block.keepUnits(order);
        Ops ops = context.ops();
        try (Ops.Scope scope = ops.scope()) {
            for (int i = 0; i < sites.size(); i++) {
                changes.add(SiteChange.between(before.get(i), sites.get(i)));
            }
        }
    }

    private void say(TransformerModel model, double captured) {
        FeedForwardSite block = model.feedForwards().get(0);
        double share = (double) options.chosen() / options.experts();
        double router = (double) options.experts() / (2.0 * block.units());
        String line = String.format(
                Locale.ROOT,
                "%s: %s; of an FFN's multiply-adds %.1f %% are left, and the router adds %.1f %%",
                MoeficationFactory.NAME,
                ExpertChoice.of(options).form(),
                100 * share,
                100 * router);
        context.notice(
                options.measures()
                        ? line
                                + String.format(
                                        Locale.ROOT,
                                        "; on the calibration tokens they hold %.1f %% of the activation",
                                        100 * captured)
                        : line);
    }

    /** What an FFN reads at calibration tokens, as the engine holds it. */
    static NDArray matrix(FeedForwardSite block, float[][] rows) {
        return block.out().op().weight().getManager().create(rows);
    }
}
