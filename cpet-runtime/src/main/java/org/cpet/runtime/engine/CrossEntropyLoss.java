package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.UnaryOperator;
import org.cpet.spi.tensor.CustomFunction;

/**
 * −log softmax(z)[label], the mean over the rows that count. Backward: (softmax(z) − onehot) / counted, written over the
 * log-probabilities, so that a large vocabulary costs one tensor of its size beside the logits.
 */
final class CrossEntropyLoss implements CustomFunction {
    private final TorchModule module;
    private final NDArray logits;
    private final NDArray labels;
    private final long ignored;
    private final long type;
    private NDArray logProbabilities;
    private NDArray targets;

    CrossEntropyLoss(TorchModule module, NDArray logits, NDArray labels, long ignored) {
        this.module = module;
        this.logits = logits;
        this.labels = labels;
        this.ignored = ignored;
        this.type = TorchTypes.code(logits.getDataType());
        this.logProbabilities = logits;
        this.targets = labels;
    }

    @Override
    public NDArray forward(UnaryOperator<NDArray> keep) {
        NDArray computed = module.call("log_softmax", logits);
        logProbabilities = keep.apply(computed);
        targets = keep.apply(labels);
        return module.call("label_loss", computed, labels, ignored);
    }

    @Override
    public List<NDArray> backward(NDArray gradient) {
        return List.of(module.call("cross_entropy_back", gradient, logProbabilities, targets, ignored, type));
    }
}
