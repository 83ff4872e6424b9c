package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.PackedForm;
import org.cpet.spi.tensor.Ops;

/**
 * y = x Ŵᵀ + b with Ŵ_og = s_og (q_og − z_og) held as packed codes q, scales s and zero points z; see {@link
 * GroupedProduct}. What may change in it is s, by {@link #tune}, or q, by {@link #round}.
 */
public final class GroupedLinear implements LinearOp {
    private final Ops ops;
    private final String name;
    private final GroupedCodes codes;
    private final List<NDArray> bias;
    private Optional<NDArray> change = Optional.empty();
    private Optional<NDArray> rounded = Optional.empty();

    /**
     * @param name of the layer, for its tensors
     * @param codes owned by the new layer
     * @param bias [out] or nothing; not owned
     */
    GroupedLinear(Ops ops, String name, GroupedCodes codes, List<NDArray> bias) {
        this.ops = ops;
        this.name = name;
        this.codes = codes;
        this.bias = List.copyOf(bias);
    }

    /** What the layer holds. */
    GroupedCodes codes() {
        return codes;
    }

    /** Adds Δ [out, groups] to the scales from now on; null-free, and one at a time. */
    void tune(NDArray newChange) {
        check(" already");
        change = Optional.of(newChange);
    }

    /** Goes back to the layer's own scales. */
    void untune() {
        change = Optional.empty();
    }

    /** The same layer with the scales s + Δ for good; shares all else. */
    GroupedLinear settled(NDArray delta) {
        NDArray scales = ops.copy(codes.scales());
        try (NDArray sum = ops.withoutGradients(() -> scales.add(delta))) {
            ops.assign(scales, sum);
        }
        GroupedCodes moved = new GroupedCodes(
                codes.form(),
                codes.out(),
                codes.in(),
                ops.copy(codes.stream()),
                scales,
                ops.copy(codes.zeros()),
                codes.order().map(ops::copy));
        return new GroupedLinear(ops, name, moved, bias);
    }

    /** Computes with the nearest codes of a weight [out, in] from now on, in place of its own codes. */
    void round(NDArray weight) {
        check(" already");
        rounded = Optional.of(weight);
    }

    /** Goes back to the layer's own codes. */
    void unround() {
        rounded = Optional.empty();
    }

    /** The same layer with the nearest codes of a weight [out, in] for good, on the same grid. */
    @SuppressWarnings("try") // the scope frees what packing makes
    GroupedLinear holding(NDArray weight) {
        try (Ops.Scope scope = ops.scope()) {
            NDArray nearest = new RoundedWeight(ops, codes, ops.detach(weight)).codes();
            AffineGrid grid = codes.grid(ops, DataType.FLOAT32);
            Optional<NDArray> order = codes.order().map(ops::copy);
            return new GroupedLinear(ops, name, GroupedCodes.pack(ops, codes.form(), nearest, grid, order), bias);
        }
    }

    @Override
    public int out() {
        return codes.out();
    }

    @Override
    public int in() {
        return codes.in();
    }

    @Override
    public NDArray apply(NDArray x, ForwardMode mode) {
        NDArray y = rounded.map(weight -> ops.custom(List.of(x, weight), new RoundedProduct(ops, codes, x, weight)))
                .orElseGet(() -> {
                    GroupedProduct product = new GroupedProduct(ops, codes, x, change);
                    return ops.custom(product.inputs(), product);
                });
        return bias.isEmpty() ? y : y.add(bias.get(0));
    }

    @Override
    public NDArray weight() {
        if (rounded.isPresent()) {
            return new RoundedWeight(ops, codes, ops.detach(rounded.get())).values();
        }
        return codes.weight(
                ops, change.map(delta -> codes.scales().add(ops.detach(delta))).orElse(codes.scales()));
    }

    @Override
    public List<NDArray> bias() {
        return bias;
    }

    @Override
    @SuppressWarnings("try") // the scope frees what packing makes
    public LinearOp keepRows(int[] rows) {
        checkUntuned();
        try (Ops.Scope scope = ops.scope()) {
            List<NDArray> left = bias.stream().map(b -> ops.select(b, 0, rows)).toList();
            return new GroupedLinear(ops, name, codes.keepRows(ops, rows), left);
        }
    }

    /** Scales stay those of the whole rows: the codes left mean the same numbers as before. */
    @Override
    @SuppressWarnings("try") // the scope frees what packing makes
    public LinearOp keepColumns(int[] columns) {
        checkUntuned();
        try (Ops.Scope scope = ops.scope()) {
            return new GroupedLinear(ops, name, codes.keepColumns(ops, name, columns), bias);
        }
    }

    private void checkUntuned() {
        check(" and cannot be narrowed");
    }

    private void check(String refusal) {
        if (change.isPresent() || rounded.isPresent()) {
            String what = change.isPresent() ? "scales" : "weights";
            throw new IllegalStateException(name + " has trained " + what + refusal);
        }
    }

    @Override
    public String storage() {
        return codes.form().storage();
    }

    @Override
    public long bytes() {
        return tensors().stream().mapToLong(ModelTensor::bytes).sum();
    }

    @Override
    public List<ModelTensor> tensors() {
        List<ModelTensor> tensors = new ArrayList<>();
        tensors.add(new ModelTensor(name + AffineFormat.CODES, codes.stream()));
        tensors.add(new ModelTensor(name + AffineFormat.SCALES, codes.scales()));
        tensors.add(new ModelTensor(name + AffineFormat.ZEROS, codes.zeros()));
        codes.order().ifPresent(order -> tensors.add(new ModelTensor(name + AffineFormat.ORDER, order)));
        bias.forEach(b -> tensors.add(new ModelTensor(name + ".bias", b)));
        return tensors;
    }

    @Override
    public Optional<PackedForm> packed() {
        return Optional.of(AffineFormat.of(codes));
    }

    @Override
    public void close() {
        codes.close();
    }
}
