package org.cpet.plugin.moe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.tensor.AdamWSettings;
import org.cpet.spi.tensor.Ops;

/**
 * Trains an {@link MlpRouter}: target t_e = s_e / max s over the batch, binary cross entropy of σ(score) with t, Adam in
 * batches of 512. A tenth of the tokens is held out; the epoch whose chosen experts hold most of their activation is kept.
 */
final class RouterTraining {
    private static final int BATCH = 512;

    private final MoeficationOptions options;
    private final PluginContext context;
    private final Ops ops;
    private final FeedForwardSite block;
    private final float[][] tokens;

    RouterTraining(MoeficationOptions options, PluginContext context, FeedForwardSite block, float[][] tokens) {
        this.options = options;
        this.context = context;
        this.ops = context.ops();
        this.block = block;
        this.tokens = tokens;
    }

    /** From the centroids, which the router takes the place of. */
    MlpRouter train(SimilarityRouter start) {
        NDArray centroids = start.centroids().value();
        int experts = options.experts();
        List<String> names = RouterKind.MLP.tensors(block.name());
        MlpRouter router = new MlpRouter(
                ops,
                new ModelTensor(names.get(0), ops.copy(centroids)),
                new ModelTensor(names.get(1), ops.copy(centroids.getManager().eye(experts))));
        Learner learner = new Learner(router);
        try (Ops.Scope scope = ops.scope()) {
            NDArray x = Moefication.matrix(block, tokens);
            NDArray truth = ExpertScores.of(ops, block, x, experts);
            learner.fit(Router.directions(x), truth);
        } finally {
            learner.close();
            start.tensors().forEach(tensor -> tensor.value().close());
        }
        return router;
    }

    private final class Learner {
        private final MlpRouter router;
        private final List<NDArray> leaves;
        private final List<NDArray> first;
        private final List<NDArray> second;
        private long step;

        Learner(MlpRouter router) {
            this.router = router;
            this.leaves = router.tensors().stream()
                    .map(tensor -> ops.trainable(tensor.value()))
                    .toList();
            this.first = zeros();
            this.second = zeros();
        }

        private List<NDArray> zeros() {
            return leaves.stream()
                    .map(leaf -> {
                        Shape shape = leaf.getShape();
                        try (NDArray zero = leaf.getManager().zeros(shape)) {
                            return ops.copy(zero);
                        }
                    })
                    .toList();
        }

        void fit(NDArray x, NDArray truth) {
            int[] order = shuffled();
            int held = Math.max(1, order.length / 10);
            NDArray test = rows(x, order, 0, held);
            NDArray testTruth = rows(truth, order, 0, held);
            double best = -1;
            for (int epoch = 0; epoch < options.routerEpochs(); epoch++) {
                for (int begin = held; begin < order.length; begin += BATCH) {
                    int end = Math.min(begin + BATCH, order.length);
                    try (Ops.Scope scope = ops.scope()) {
                        step(rows(x, order, begin, end), rows(truth, order, begin, end));
                    }
                }
                try (Ops.Scope scope = ops.scope()) {
                    double found = ExpertScores.captured(testTruth, scores(test), options.chosen());
                    if (found > best) {
                        best = found;
                        keep();
                    }
                }
            }
        }

        private NDArray scores(NDArray x) {
            return MlpRouter.scores(ops, x, leaves.get(0), leaves.get(1));
        }

        /** −t log σ(z) − (1 − t) log σ(−z) = max(z, 0) − z t + log(1 + e^−|z|). */
        private void step(NDArray x, NDArray truth) {
            NDArray target = truth.div(truth.max().maximum(1e-30f));
            ops.withGradients(() -> {
                NDArray z = scores(x);
                NDArray loss = z.maximum(0)
                        .sub(z.mul(target))
                        .add(z.abs().neg().exp().add(1).log());
                ops.backward(loss.mean());
                return leaves;
            });
            step++;
            ops.adamW(leaves, first, second, step, AdamWSettings.of(options.routerLearningRate(), 0));
            leaves.forEach(ops::zeroGradient);
        }

        private void keep() {
            for (int i = 0; i < leaves.size(); i++) {
                ops.assign(router.tensors().get(i).value(), leaves.get(i));
            }
        }

        void close() {
            List.of(leaves, first, second).forEach(list -> list.forEach(NDArray::close));
        }

        private NDArray rows(NDArray values, int[] order, int begin, int end) {
            long[] places = IntStream.range(begin, end).mapToLong(i -> order[i]).toArray();
            return ops.embedding(values.getManager().create(places), values);
        }
    }

    private int[] shuffled() {
        RandomGenerator random = context.random(MoeficationFactory.NAME + "." + block.name() + ".router");
        int[] order = IntStream.range(0, tokens.length).toArray();
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }
}
