package org.cpet.spi.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import org.cpet.spi.tensor.Ops;
import org.jspecify.annotations.Nullable;

/** y = x Wᵀ + b with a dense weight [out, in]. */
public final class DenseLinear implements LinearOp {
    private final Ops ops;
    private final ModelTensor weight;
    private final @Nullable ModelTensor bias;
    private final boolean shared;

    private DenseLinear(Ops ops, ModelTensor weight, @Nullable ModelTensor bias, boolean shared) {
        this.ops = ops;
        this.weight = weight;
        this.bias = bias;
        this.shared = shared;
    }

    /** Without a bias. */
    public static DenseLinear of(Ops ops, ModelTensor weight) {
        return new DenseLinear(ops, weight, null, false);
    }

    /** With a bias [out]. */
    public static DenseLinear of(Ops ops, ModelTensor weight, ModelTensor bias) {
        return new DenseLinear(ops, weight, bias, false);
    }

    /** A layer whose weight is another module's too, as a tied output head: closing it frees nothing. */
    public static DenseLinear tied(Ops ops, ModelTensor weight) {
        return new DenseLinear(ops, weight, null, true);
    }

    /** The same layer with another weight of the same shape, which it now owns; the bias is carried over. */
    public DenseLinear withWeight(NDArray newWeight) {
        return new DenseLinear(ops, new ModelTensor(weight.name(), newWeight), bias, false);
    }

    @Override
    public int out() {
        return (int) weight.value().getShape().get(0);
    }

    @Override
    public int in() {
        return (int) weight.value().getShape().get(1);
    }

    @Override
    public NDArray apply(NDArray x, ForwardMode mode) {
        return bias == null ? ops.linear(x, weight.value()) : ops.linear(x, weight.value(), bias.value());
    }

    @Override
    public NDArray weight() {
        return weight.value();
    }

    @Override
    public List<NDArray> bias() {
        return bias == null ? List.of() : List.of(bias.value());
    }

    @Override
    public LinearOp keepRows(int[] rows) {
        ModelTensor newBias = bias == null ? null : new ModelTensor(bias.name(), ops.select(bias.value(), 0, rows));
        return new DenseLinear(
                ops, new ModelTensor(weight.name(), ops.select(weight.value(), 0, rows)), newBias, false);
    }

    @Override
    public LinearOp keepColumns(int[] columns) {
        return new DenseLinear(
                ops, new ModelTensor(weight.name(), ops.select(weight.value(), 1, columns)), bias, false);
    }

    @Override
    public String storage() {
        DataType type = weight.value().getDataType();
        return (type == DataType.UNKNOWN ? DataType.BFLOAT16 : type).toString();
    }

    @Override
    public long bytes() {
        return weight.bytes() + (bias == null ? 0 : bias.bytes());
    }

    @Override
    public List<ModelTensor> tensors() {
        List<ModelTensor> tensors = new ArrayList<>(List.of(weight));
        if (bias != null) {
            tensors.add(bias);
        }
        return tensors;
    }

    @Override
    public void close() {
        if (!shared) {
            weight.value().close();
        }
    }
}
