package org.cpet.plugin.quantization;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.tensor.Ops;
import org.cpet.spi.tensor.PreparedLinear;
import org.cpet.spi.tensor.QuantizedRows;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer with int8 weights. For row o of W [out, in]: s_o = max|W_o| / 127 (1 for a row of zeros), q_o =
 * round(W_o / s_o), half to even, so that W ≈ s ⊙ q.
 *
 * <p>With dynamic activations, and t a token of x [.., tokens, in]: s_t = max|x_t| / 127, p_t = round(x_t / s_t), y_to =
 * s_t · s_o · Σ_i p_ti q_oi + b_o. The gradient passes the rounding straight through: ∂L/∂x = (∂L/∂y)(s ⊙ q). With
 * floating-point activations: y = x (s ⊙ q)ᵀ + b.
 *
 * <p>With an input scale c [in] (see {@link Smoothing}) q and s are those of W ⊙ c, and the layer reads x / c. With a limit
 * for outliers (see {@link OutlierColumns}) some columns skip the rounding of x.
 *
 * <p>In deployed mode the first form runs on the machine's fastest int8 kernel; there and in training the second keeps s ⊙ q
 * in floating point, unless the pass is to be lean. Both are made when first needed and freed with the layer.
 */
final class Int8Linear implements LinearOp {
    private final Ops ops;
    private final String name;
    private final ModelTensor codes;
    private final ModelTensor scales;
    private final List<ModelTensor> bias;
    private final List<ModelTensor> inputScale;
    private final Int8Activations activations;
    private final Optional<OutlierColumns> outliers;
    private @Nullable PreparedLinear prepared;
    private @Nullable NDArray dense;

    /**
     * @param name of the layer, for its tensors
     * @param rows owned by the new layer
     * @param bias [out] or nothing; not owned
     */
    Int8Linear(Ops ops, String name, QuantizedRows rows, List<NDArray> bias, Int8Activations activations) {
        this(ops, name, rows, bias, List.of(), activations, Optional.empty());
    }

    /**
     * The same with what happens to the input before it is rounded.
     *
     * @param inputScale c [in], owned by the new layer, or nothing
     */
    Int8Linear(
            Ops ops,
            String name,
            QuantizedRows rows,
            List<NDArray> bias,
            List<NDArray> inputScale,
            Int8Activations activations,
            Optional<OutlierColumns> outliers) {
        this.ops = ops;
        this.name = name;
        this.codes = new ModelTensor(name + ".weight_quant", rows.codes());
        this.scales = new ModelTensor(name + ".weight_scale", rows.scales());
        this.bias = bias.stream().map(b -> new ModelTensor(name + ".bias", b)).toList();
        this.inputScale = inputScale.stream()
                .map(c -> new ModelTensor(name + ".input_scale", c))
                .toList();
        this.activations = activations;
        this.outliers = outliers;
    }

    @Override
    public int out() {
        return (int) codes.value().getShape().get(0);
    }

    @Override
    public int in() {
        return (int) codes.value().getShape().get(1);
    }

    @Override
    public NDArray apply(NDArray x, ForwardMode mode) {
        return switch (activations) {
            case DYNAMIC -> mode.deployed() ? deployed(scaled(x)) : withBias(exact(scaled(x)));
            case NONE -> withBias(keeps(mode) ? ops.linear(x, kept(x)) : ops.dequantizedLinear(x, rows()));
        };
    }

    private NDArray exact(NDArray x) {
        return outliers.map(columns -> columns.apply(x, rows(), rest -> ops.int8Linear(rest, rows())))
                .orElseGet(() -> ops.int8Linear(x, rows()));
    }

    private NDArray deployed(NDArray x) {
        return outliers.map(columns -> columns.deployed(x, rows(), fast()::apply))
                .orElseGet(() -> fast().apply(x));
    }

    /** x / c. */
    private NDArray scaled(NDArray x) {
        return inputScale.isEmpty() ? x : x.div(like(x, inputScale.get(0).value()));
    }

    @Override
    public NDArray weight() {
        NDArray weight = ops.dequantize(rows());
        return inputScale.isEmpty() ? weight : weight.div(inputScale.get(0).value());
    }

    @Override
    public List<NDArray> bias() {
        return bias.stream().map(ModelTensor::value).toList();
    }

    @Override
    public LinearOp keepRows(int[] rows) {
        QuantizedRows left = new QuantizedRows(ops.select(codes.value(), 0, rows), ops.select(scales.value(), 0, rows));
        List<NDArray> leftBias =
                bias().stream().map(b -> ops.select(b, 0, rows)).toList();
        return new Int8Linear(
                ops,
                name,
                left,
                leftBias,
                inputScale.stream().map(c -> ops.copy(c.value())).toList(),
                activations,
                outliers);
    }

    /** Scales stay those of the whole rows: the codes left mean the same numbers as before. */
    @Override
    public LinearOp keepColumns(int[] columns) {
        QuantizedRows left = new QuantizedRows(ops.select(codes.value(), 1, columns), ops.copy(scales.value()));
        return new Int8Linear(
                ops,
                name,
                left,
                bias(),
                inputScale.stream().map(c -> ops.select(c.value(), 0, columns)).toList(),
                activations,
                outliers);
    }

    @Override
    public String storage() {
        return "int8";
    }

    @Override
    public long bytes() {
        return tensors().stream().mapToLong(ModelTensor::bytes).sum();
    }

    @Override
    public long unpackedBytes() {
        return activations == Int8Activations.NONE ? unpackedBytes(out(), in()) : 0;
    }

    /** s ⊙ q in float32. */
    static long unpackedBytes(int out, int in) {
        return 4L * out * in;
    }

    @Override
    public List<ModelTensor> tensors() {
        List<ModelTensor> tensors = new ArrayList<>(List.of(codes, scales));
        tensors.addAll(bias);
        tensors.addAll(inputScale);
        return tensors;
    }

    @Override
    public void close() {
        rows().close();
        inputScale.forEach(c -> c.value().close());
        if (prepared != null) {
            prepared.close();
        }
        if (dense != null) {
            dense.close();
        }
    }

    private static boolean keeps(ForwardMode mode) {
        return (mode.deployed() || mode.training()) && !mode.lean();
    }

    private QuantizedRows rows() {
        return new QuantizedRows(codes.value(), scales.value());
    }

    private NDArray withBias(NDArray y) {
        return bias.isEmpty() ? y : y.add(bias.get(0).value());
    }

    private PreparedLinear fast() {
        if (prepared == null) {
            prepared = ops.prepareInt8(rows(), bias());
        }
        return prepared;
    }

    /** s ⊙ q in the type of x, kept; a copy because what is made inside a scope ends with it. */
    private NDArray kept(NDArray x) {
        if (dense == null) {
            try (NDArray weight = like(x, weight())) {
                dense = ops.copy(weight);
            }
        }
        return dense;
    }

    /** The weight in the type of x, which is 16 bits wide where the model is. */
    private NDArray like(NDArray x, NDArray weight) {
        return x.getDataType() == weight.getDataType() ? weight : ops.cast(weight, x.getDataType());
    }
}
