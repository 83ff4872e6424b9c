package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.cpet.spi.tensor.AdamWSettings;

/** Clipping and the optimiser's step. DJL's GradientCollector is not used: it allows one per process. */
final class TorchTraining {
    private static final long GOLDEN = 0x9E37_79B9L; // odd, so that all parts differ

    private final TorchModule module;
    private final Leaves leaves;
    private long lastSeed;
    private long parts;

    TorchTraining(TorchModule module, Leaves leaves) {
        this.module = module;
        this.leaves = leaves;
    }

    void assign(NDArray target, NDArray values) {
        GradMode.with(false, () -> {
            module.run("assign", target, values);
            return true;
        });
    }

    NDArray clip(List<NDArray> tensors, double maxNorm) {
        return withGradientsOf(
                tensors, gradients -> module.callFor(tensors.get(0).getManager(), "clip", gradients, maxNorm));
    }

    void adamW(List<NDArray> tensors, List<NDArray> first, List<NDArray> second, long step, AdamWSettings settings) {
        withGradientsOf(tensors, gradients -> {
            // libtorch reads the step from a tensor beside each leaf; one for all will do, it is only read
            try (NDArray count = tensors.get(0).getManager().full(new Shape(), (float) step)) {
                module.run(
                        "adam_w",
                        tensors,
                        gradients,
                        first,
                        second,
                        Collections.nCopies(tensors.size(), count),
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
        lastSeed = seed;
        parts = 0;
    }

    /** Seeds the generator for a part of a pass, the same each time it is run; parts are counted from the last seed on. */
    Runnable nextPart() {
        parts++;
        long own = (lastSeed ^ GOLDEN * parts) & 0xFFFF_FFFFL;
        return () -> JniUtils.setSeed(own);
    }

    private <T> T withGradientsOf(List<NDArray> tensors, Function<List<NDArray>, T> body) {
        List<NDArray> gradients = tensors.stream().map(leaves::gradient).toList();
        try {
            return GradMode.with(false, () -> body.apply(gradients));
        } finally {
            gradients.forEach(NDArray::close);
        }
    }
}
