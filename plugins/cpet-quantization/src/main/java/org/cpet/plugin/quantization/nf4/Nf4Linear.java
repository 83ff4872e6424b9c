package org.cpet.plugin.quantization.nf4;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.PackedForm;
import org.cpet.spi.tensor.CustomFunction;
import org.cpet.spi.tensor.Ops;

/** y = x Ŵᵀ + b with Ŵ held in {@link Nf4Blocks}; Ŵ in floating point lives as long as a product, in both directions. */
final class Nf4Linear implements LinearOp {
    private final Ops ops;
    private final String name;
    private final Nf4Blocks blocks;
    private final List<NDArray> bias;

    /**
     * @param name of the layer, for its tensors
     * @param blocks owned by the new layer
     * @param bias [out] or nothing; not owned
     */
    Nf4Linear(Ops ops, String name, Nf4Blocks blocks, List<NDArray> bias) {
        this.ops = ops;
        this.name = name;
        this.blocks = blocks;
        this.bias = List.copyOf(bias);
    }

    @Override
    public int out() {
        return blocks.out();
    }

    @Override
    public int in() {
        return blocks.in();
    }

    @Override
    public NDArray apply(NDArray x, ForwardMode mode) {
        NDArray y = ops.custom(List.of(x), new Product(x));
        return bias.isEmpty() ? y : y.add(bias.get(0));
    }

    @Override
    public NDArray weight() {
        return blocks.weight(ops);
    }

    @Override
    public List<NDArray> bias() {
        return bias;
    }

    @Override
    @SuppressWarnings("try") // the scope frees what packing makes
    public LinearOp keepRows(int[] rows) {
        try (Ops.Scope scope = ops.scope()) {
            Nf4Blocks left = blocks.keepRows(ops, name, rows);
            return new Nf4Linear(
                    ops,
                    name,
                    left,
                    bias.stream().map(b -> ops.select(b, 0, rows)).toList());
        }
    }

    @Override
    @SuppressWarnings("try") // the scope frees what packing makes
    public LinearOp keepColumns(int[] columns) {
        try (Ops.Scope scope = ops.scope()) {
            return new Nf4Linear(ops, name, blocks.keepColumns(ops, name, columns), bias);
        }
    }

    @Override
    public String storage() {
        return Nf4Format.storage(blocks.magnitudes().isDouble());
    }

    @Override
    public long bytes() {
        return tensors().stream().mapToLong(ModelTensor::bytes).sum();
    }

    @Override
    public List<ModelTensor> tensors() {
        List<ModelTensor> tensors = new ArrayList<>();
        tensors.add(new ModelTensor(name + Nf4Format.CODES, blocks.stream()));
        List<NDArray> magnitudes = blocks.magnitudes().tensors();
        for (int i = 0; i < magnitudes.size(); i++) {
            tensors.add(new ModelTensor(name + Nf4Format.MAGNITUDES.get(i), magnitudes.get(i)));
        }
        bias.forEach(b -> tensors.add(new ModelTensor(name + ".bias", b)));
        return tensors;
    }

    @Override
    public Optional<PackedForm> packed() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put(Nf4Format.DOUBLE_QUANT, blocks.magnitudes().isDouble());
        return Optional.of(new PackedForm(Nf4Format.NAME, settings));
    }

    @Override
    public void close() {
        blocks.close();
    }

    /** y = x Ŵᵀ, ∂L/∂x = (∂L/∂y) Ŵ. */
    private final class Product implements CustomFunction {
        private final NDArray x;

        Product(NDArray x) {
            this.x = x;
        }

        @Override
        public NDArray forward(UnaryOperator<NDArray> keep) {
            return ops.tidy(() -> ops.linear(x, like(x)));
        }

        @Override
        public List<NDArray> backward(NDArray gradient) {
            long[] sizes = gradient.getShape().getShape().clone();
            sizes[sizes.length - 1] = in();
            return List.of(
                    ops.linear(gradient.reshape(-1, out()), like(gradient).transpose())
                            .reshape(new Shape(sizes)));
        }

        private NDArray like(NDArray other) {
            NDArray weight = weight();
            return weight.getDataType() == other.getDataType() ? weight : ops.cast(weight, other.getDataType());
        }
    }
}
