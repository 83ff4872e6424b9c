package org.cpet.plugin.estimation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.InputPath;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.tensor.Ops;

/**
 * One factor for each block of equal size of a layer's input: x'[.., b·w + i] = m[b] · x[.., b·w + i]. Before an attention's
 * output projection that scales heads, before an FFN's layer out neurons. m starts at 1.
 */
final class ScalarMask implements InputPath {
    private final Ops ops;
    private final LinearSite site;
    private final TrainableTensor values;

    ScalarMask(Ops ops, NDManager manager, LinearSite site, String name, int blocks) {
        this.ops = ops;
        this.site = site;
        try (NDArray ones = manager.ones(new Shape(blocks))) {
            this.values = new TrainableTensor(name, ops.trainable(ones));
        }
        site.addInput(this);
    }

    /** m [blocks]. */
    TrainableTensor values() {
        return values;
    }

    @Override
    public NDArray apply(NDArray x, ForwardMode mode) {
        Shape shape = x.getShape();
        long blocks = values.value().size();
        NDArray mask = values.value().reshape(blocks, 1);
        NDArray masked = ops.cast(
                x.reshape(shape.slice(0, shape.dimension() - 1).addAll(new Shape(blocks, shape.tail() / blocks)))
                        .mul(mask),
                x.getDataType());
        return ops.joint(masked.reshape(shape));
    }

    /** |m|₁, with a gradient. */
    NDArray norm() {
        return values.value().abs().sum();
    }

    double[] scores() {
        float[] numbers = ops.detach(values.value()).toFloatArray();
        double[] scores = new double[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            scores[i] = numbers[i];
        }
        return scores;
    }

    void close() {
        site.removeInput(this);
        values.value().close();
    }
}
