package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.cpet.spi.tensor.CustomFunction;
import org.cpet.spi.tensor.Ops;

/**
 * y = x Q(W)ᵀ with W rounded in every pass, see {@link RoundedWeight}; x [.., in], W [out, in]. With g = ∂L/∂y: ∂L/∂x = g
 * Q(W), and straight through the rounding ∂L/∂W = gᵀ x where W lies on the grid, 0 beyond its ends.
 */
final class RoundedProduct implements CustomFunction {
    private final Ops ops;
    private final GroupedCodes codes;
    private final NDArray x;
    private final NDArray leaf;
    private Optional<NDArray> kept = Optional.empty();

    /** @param leaf W */
    RoundedProduct(Ops ops, GroupedCodes codes, NDArray x, NDArray leaf) {
        this.ops = ops;
        this.codes = codes;
        this.x = x;
        this.leaf = leaf;
    }

    /** In the order of {@link GroupedProduct}: what is rounded to the layer's own codes gives the same to the bit. */
    @Override
    public NDArray forward(UnaryOperator<NDArray> keep) {
        kept = Optional.of(keep.apply(x));
        RoundedWeight weight = rounded();
        if (codes.groups() > 1) {
            return ops.tidy(() -> ops.linear(x, like(x, weight.values())));
        }
        return ops.tidy(() -> {
            NDArray integers = weight.integers().reshape(codes.out(), codes.in());
            NDArray scales = weight.scales().reshape(codes.out());
            return ops.linear(x, like(x, integers)).mul(like(x, scales));
        });
    }

    @Override
    public List<NDArray> backward(NDArray gradient) {
        NDArray read = kept.orElseThrow();
        RoundedWeight weight = rounded();
        NDArray flat = gradient.reshape(-1, codes.out());
        NDArray back = ops.tidy(() ->
                ops.linear(flat, like(flat, weight.values()).transpose()).reshape(read.getShape()));
        NDArray straight = ops.tidy(() -> {
            NDArray slope =
                    ops.linear(flat.transpose(), read.reshape(-1, codes.in()).transpose());
            return like(weight.weight(), slope).mul(weight.within());
        });
        return List.of(back, straight);
    }

    /** Anew in each direction: what the forward pass made may be freed before the backward pass. */
    private RoundedWeight rounded() {
        return new RoundedWeight(ops, codes, ops.detach(leaf));
    }

    private NDArray like(NDArray other, NDArray tensor) {
        DataType type = other.getDataType();
        return tensor.getDataType() == type ? tensor : ops.cast(tensor, type);
    }
}
