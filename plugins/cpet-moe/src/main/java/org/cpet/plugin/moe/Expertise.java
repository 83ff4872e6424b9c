package org.cpet.plugin.moe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.tensor.Ops;
import org.jspecify.annotations.Nullable;

/** Finds the experts and the router of one FFN. */
final class Expertise {
    private final MoeficationOptions options;
    private final PluginContext context;
    private final Ops ops;
    private final FeedForwardSite block;
    private final float[][] tokens;

    /** @param tokens what the FFN reads at calibration tokens, or none where nothing is measured */
    Expertise(MoeficationOptions options, PluginContext context, FeedForwardSite block, float[][] tokens) {
        this.options = options;
        this.context = context;
        this.ops = context.ops();
        this.block = block;
        this.tokens = tokens;
    }

    /** The neurons expert by expert, each expert's in their order. */
    int[] order(int @Nullable [] given) {
        int[] labels = given == null ? cluster() : given;
        return IntStream.range(0, labels.length)
                .boxed()
                .sorted(Comparator.comparingInt(unit -> labels[unit]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private int[] cluster() {
        int units = block.units();
        return switch (options.clustering()) {
            case CONTIGUOUS ->
                IntStream.range(0, units)
                        .map(unit -> unit / (units / options.experts()))
                        .toArray();
            case PARAMETERS ->
                new BalancedKMeans(ops, context.random(MoeficationFactory.NAME + "." + block.name()))
                        .labels(weight(), options.experts());
            case COACTIVATION -> {
                float[] graph = new CoactivationGraph(ops).edges(block, tokens);
                yield BalancedPartition.labels(graph, units, options.experts());
            }
        };
    }

    /** For neurons that lie expert by expert by now. */
    Router router() {
        SimilarityRouter similarity;
        try (Ops.Scope scope = ops.scope()) {
            similarity = SimilarityRouter.of(ops, block.name(), weight(), options.experts());
        }
        return options.router() == RouterKind.SIMILARITY
                ? similarity
                : new RouterTraining(options, context, block, tokens).train(similarity);
    }

    /** The share of all activation that the chosen experts hold on the calibration tokens; 0 where there are none. */
    double captured(Router router) {
        if (tokens.length == 0) {
            return 0;
        }
        try (Ops.Scope scope = ops.scope()) {
            NDArray x = Moefication.matrix(block, tokens);
            NDArray truth = ExpertScores.of(ops, block, x, options.experts());
            return ExpertScores.captured(truth, router.scores(x), options.chosen());
        }
    }

    private NDArray weight() {
        return ops.cast(block.ins().get(0).op().weight(), DataType.FLOAT32);
    }
}
