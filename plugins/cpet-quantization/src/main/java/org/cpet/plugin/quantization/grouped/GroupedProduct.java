package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.cpet.spi.tensor.CustomFunction;
import org.cpet.spi.tensor.Ops;

/**
 * y = x Ŵᵀ with Ŵ = (s₀ + Δ) ⊙ W̄ and whole numbers W̄ = q − z; x [tokens, in], Ŵ [out, in], Δ [out, groups]. With g = ∂L/∂y:
 * ∂L/∂x = g Ŵ and ∂L/∂Δ_og = Σ_{j in g} (gᵀ x)_oj W̄_oj, which for one group is Σ_t g_to (x W̄ᵀ)_to. Ŵ lives as long as a
 * product takes, in both directions.
 */
final class GroupedProduct implements CustomFunction {
    /** Of gᵀ x at a time: large short-lived tensors between small ones that stay leave gaps in the heap. */
    private static final int ELEMENTS = 1 << 18;

    private final Ops ops;
    private final GroupedCodes codes;
    private final NDArray x;
    private final Optional<NDArray> change;
    private Optional<NDArray> kept = Optional.empty();

    /** @param change Δ, a leaf, where scales are trained */
    GroupedProduct(Ops ops, GroupedCodes codes, NDArray x, Optional<NDArray> change) {
        this.ops = ops;
        this.codes = codes;
        this.x = x;
        this.change = change;
    }

    List<NDArray> inputs() {
        List<NDArray> inputs = new ArrayList<>(List.of(x));
        change.ifPresent(inputs::add);
        return inputs;
    }

    @Override
    public NDArray forward(UnaryOperator<NDArray> keep) {
        if (codes.groups() > 1) {
            kept = change.map(leaf -> keep.apply(x));
            return ops.tidy(() -> ops.linear(x, like(x, weight())));
        }
        return ops.tidy(() -> {
            NDArray unscaled = ops.linear(x, like(x, integers()));
            kept = change.map(leaf -> keep.apply(unscaled));
            return unscaled.mul(like(x, scales().reshape(codes.out())));
        });
    }

    @Override
    public List<NDArray> backward(NDArray gradient) {
        NDArray flat = gradient.reshape(-1, codes.out());
        NDArray back = ops.tidy(
                () -> ops.linear(flat, like(flat, weight()).transpose()).reshape(inputShape(gradient)));
        List<NDArray> gradients = new ArrayList<>(List.of(back));
        change.ifPresent(leaf -> gradients.add(ops.tidy(() -> like(leaf, scaleBack(flat)))));
        return gradients;
    }

    /** ∂L/∂Δ [out, groups]. */
    private NDArray scaleBack(NDArray flat) {
        NDArray saved = kept.orElseThrow();
        if (codes.groups() == 1) {
            return flat.mul(saved.reshape(flat.getShape())).sum(new int[] {0}).reshape(codes.out(), 1);
        }
        NDArray columns = saved.reshape(-1, codes.in()).transpose();
        NDList parts = new NDList();
        int step = codes.step(ELEMENTS);
        for (int row = 0; row < codes.out(); row += step) {
            int first = row;
            int last = Math.min(codes.out(), row + step);
            parts.add(ops.tidy(() -> scaleBack(flat.get(":, " + first + ":" + last), columns, first, last)));
        }
        return NDArrays.concat(parts);
    }

    private NDArray scaleBack(NDArray flat, NDArray columns, int first, int last) {
        NDArray product = ops.linear(flat.transpose(), columns);
        NDArray integers = codes.integers(ops, first, last);
        return ops.cast(codes.asStored(product), integers.getDataType())
                .reshape(integers.getShape())
                .muli(integers)
                .sum(new int[] {2});
    }

    private NDArray scales() {
        return change.map(leaf -> ops.cast(codes.scales(), leaf.getDataType()).add(ops.detach(leaf)))
                .orElse(codes.scales());
    }

    private NDArray weight() {
        return codes.weight(ops, scales());
    }

    private NDArray integers() {
        return codes.integers(ops).reshape(codes.out(), codes.in());
    }

    private Shape inputShape(NDArray gradient) {
        long[] sizes = gradient.getShape().getShape().clone();
        sizes[sizes.length - 1] = codes.in();
        return new Shape(sizes);
    }

    private NDArray like(NDArray other, NDArray tensor) {
        DataType type = other.getDataType();
        return tensor.getDataType() == type ? tensor : ops.cast(tensor, type);
    }
}
