package org.cpet.plugin.quantization.nf4;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.PackedFormat;
import org.cpet.spi.model.TensorSource;
import org.cpet.spi.model.TensorSpec;

/** {@link Nf4Linear} in model directories: {@code nf4} with {@code double_quant}. */
final class Nf4Format implements PackedFormat {
    static final String NAME = "nf4";
    static final String DOUBLE_QUANT = "double_quant";
    static final String CODES = ".weight_quant";
    static final List<String> MAGNITUDES = List.of(".weight_absmax", ".weight_absmax_scale", ".weight_absmax_offset");

    /** As tables show it. */
    static String storage(boolean doubleQuant) {
        return doubleQuant ? "nf4-dq" : "nf4";
    }

    @Override
    public String name() {
        return NAME;
    }

    /** The layer held in this form. */
    static LinearSpec spec(LinearSpec linear, boolean doubleQuant) {
        long bytes = tensors(linear, doubleQuant).stream()
                .mapToLong(tensor -> tensor.shape().size() * (type(tensor) == DataType.UINT8 ? 1 : 4))
                .sum();
        return linear.stored(storage(doubleQuant), bytes + (linear.bias() ? 4L * linear.out() : 0));
    }

    @Override
    public LinearSpec spec(LinearSpec dense, ModelConfig settings) {
        return spec(dense, settings.flag(DOUBLE_QUANT, false));
    }

    @Override
    public List<TensorSpec> tensors(LinearSpec dense, ModelConfig settings) {
        return tensors(dense, settings.flag(DOUBLE_QUANT, false));
    }

    private static List<TensorSpec> tensors(LinearSpec dense, boolean doubleQuant) {
        long values = (long) dense.out() * dense.in();
        int blocks = Nf4Blocks.count(values);
        List<TensorSpec> tensors = new ArrayList<>();
        tensors.add(stored(dense.name() + CODES, (values + 1) / 2, DataType.UINT8));
        tensors.add(stored(dense.name() + MAGNITUDES.get(0), blocks, doubleQuant ? DataType.UINT8 : DataType.FLOAT32));
        if (doubleQuant) {
            tensors.add(stored(dense.name() + MAGNITUDES.get(1), Magnitudes.count(blocks), DataType.FLOAT32));
            tensors.add(stored(dense.name() + MAGNITUDES.get(2), 1, DataType.FLOAT32));
        }
        return tensors;
    }

    @Override
    public LinearOp open(
            LinearSpec dense, ModelConfig settings, TensorSource tensors, List<NDArray> bias, PluginContext context) {
        List<NDArray> found = tensors(dense, settings).stream()
                .map(tensor -> tensors.take(tensor.name()).value())
                .toList();
        Magnitudes magnitudes = new Magnitudes(found.subList(1, found.size()));
        return new Nf4Linear(
                context.ops(), dense.name(), new Nf4Blocks(dense.out(), dense.in(), found.get(0), magnitudes), bias);
    }

    private static DataType type(TensorSpec tensor) {
        return ((TensorSpec.Stored) tensor.start()).type();
    }

    private static TensorSpec stored(String name, long size, DataType type) {
        return TensorSpec.required(name, new Shape(size), new TensorSpec.Stored(type));
    }
}
