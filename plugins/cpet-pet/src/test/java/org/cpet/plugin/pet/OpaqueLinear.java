package org.cpet.plugin.pet;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.ModelTensor;

/** A layer whose weight is held in a form that no method knows. */
public record OpaqueLinear(NDArray weight) implements LinearOp {
    @Override
    public int out() {
        return (int) weight.getShape().get(0);
    }

    @Override
    public int in() {
        return (int) weight.getShape().get(1);
    }

    @Override
    public NDArray apply(NDArray x, ForwardMode mode) {
        return x.matMul(weight.transpose());
    }

    @Override
    public List<NDArray> bias() {
        return List.of();
    }

    @Override
    public LinearOp keepRows(int[] rows) {
        throw new UnsupportedOperationException();
    }

    @Override
    public LinearOp keepColumns(int[] columns) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String storage() {
        return "opaque";
    }

    @Override
    public long bytes() {
        return 0;
    }

    @Override
    public List<ModelTensor> tensors() {
        return List.of();
    }

    @Override
    public void close() {
        weight.close();
    }
}
