package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.cpet.spi.tensor.AdamWSettings;
import org.jspecify.annotations.Nullable;

/** Leaves, gradients and the optimiser's step. DJL's GradientCollector is not used: it allows one per process. */
final class TorchTraining {
    private final TorchModule module;

    TorchTraining(TorchModule module) {
        this.module = module;
    }

    NDArray leaf(NDArray value) {
        NDArray leaf = StepScope.release(GradMode.with(false, () -> module.call("leaf", value)));
        leaf.setRequiresGradient(true);
        return leaf;
    }

    @SuppressWarnings("NullAway") // getGradient gives null where nothing has reached the leaf; DJL is not annotated
    NDArray gradient(NDArray leaf) {
        GradMode.prepareThread();
        @Nullable NDArray gradient = JniUtils.getGradient((PtNDArray) leaf);
        return gradient == null ? leaf.zerosLike() : gradient;
    }

    void zeroGradient(NDArray leaf) {
        JniUtils.zeroGrad((PtNDArray) leaf);
    }

    void assign(NDArray target, NDArray values) {
        GradMode.with(false, () -> {
            module.run("assign", target, values);
            return true;
        });
    }

    NDArray clip(List<NDArray> leaves, double maxNorm) {
        return withGradientsOf(
                leaves, gradients -> module.callFor(leaves.get(0).getManager(), "clip", gradients, maxNorm));
    }

    void adamW(List<NDArray> leaves, List<NDArray> first, List<NDArray> second, long step, AdamWSettings settings) {
        withGradientsOf(leaves, gradients -> {
            // libtorch reads the step from a tensor beside each leaf; one for all will do, it is only read
            try (NDArray count = leaves.get(0).getManager().full(new Shape(), (float) step)) {
                module.run(
                        "adam_w",
                        leaves,
                        gradients,
                        first,
                        second,
                        Collections.nCopies(leaves.size(), count),
                        settings.learningRate(),
                        settings.beta1(),
                        settings.beta2(),
                        settings.weightDecay(),
                        settings.epsilon());
            }
            return true;
        });
    }

    void seed(long seed) {
        JniUtils.setSeed(seed);
    }

    private <T> T withGradientsOf(List<NDArray> leaves, Function<List<NDArray>, T> body) {
        List<NDArray> gradients = leaves.stream().map(this::gradient).toList();
        try {
            return GradMode.with(false, () -> body.apply(gradients));
        } finally {
            gradients.forEach(NDArray::close);
        }
    }
}
