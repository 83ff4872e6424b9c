package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import com.google.common.collect.MapMaker;
import java.util.Map;
import java.util.Optional;

/**
 * Trainable tensors and their gradients: what libtorch's graphs have left there plus what functions of the {@link Tape}
 * have sent. The second part is freed between steps instead of being set to zero.
 */
final class Leaves {
    private final TorchModule module;
    private final Map<NDArray, GradientSum> sums = new MapMaker().weakKeys().makeMap(); // by identity

    Leaves(TorchModule module) {
        this.module = module;
    }

    NDArray make(NDArray value) {
        NDArray leaf = StepScope.release(GradMode.with(false, () -> module.call("leaf", value)));
        leaf.setRequiresGradient(true);
        sums.put(leaf, new GradientSum(module));
        return leaf;
    }

    /** Where parts of a trainable tensor's gradient go; absent for any other. */
    Optional<GradientSum> sum(NDArray x) {
        return Optional.ofNullable(sums.get(x));
    }

    /** The whole gradient, zeros when nothing has arrived. */
    NDArray gradient(NDArray leaf) {
        GradMode.prepareThread();
        Optional<NDArray> derived = Optional.ofNullable(JniUtils.getGradient((PtNDArray) leaf));
        Optional<NDArray> sent = sum(leaf).flatMap(GradientSum::value);
        if (derived.isPresent() && sent.isPresent()) {
            try (NDArray one = derived.get();
                    NDArray other = sent.get()) {
                return GradMode.with(false, () -> one.add(other));
            }
        }
        // the optimizer's kernel walks through leaf and gradient as flat memory
        return derived.or(() -> sent.map(gradient -> module.call("dense_layout", gradient)))
                .orElseGet(leaf::zerosLike);
    }

    void forget(NDArray leaf) {
        sum(leaf).ifPresent(GradientSum::clear);
        try (NDArray derived = JniUtils.getGradient((PtNDArray) leaf)) {
            if (derived != null) {
                JniUtils.zeroGrad((PtNDArray) leaf);
            }
        }
    }
}
