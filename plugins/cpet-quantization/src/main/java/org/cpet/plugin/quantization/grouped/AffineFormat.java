package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.PackedForm;
import org.cpet.spi.model.PackedFormat;
import org.cpet.spi.model.TensorSource;
import org.cpet.spi.model.TensorSpec;

/** {@link GroupedLinear} in model directories: {@code affine} with {@code bits}, {@code group_size} and {@code ordered}. */
final class AffineFormat implements PackedFormat {
    static final String NAME = "affine";
    static final String CODES = ".weight_quant";
    static final String SCALES = ".weight_scale";
    static final String ZEROS = ".weight_zero";
    static final String ORDER = ".weight_order";
    private static final String BITS = "bits";
    private static final String GROUP_SIZE = "group_size";
    private static final String ORDERED = "ordered";

    @Override
    public String name() {
        return NAME;
    }

    /** What a file is told of a layer. */
    static PackedForm of(GroupedCodes codes) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put(BITS, codes.form().bits());
        if (codes.form().groupSize() > 0) {
            settings.put(GROUP_SIZE, codes.form().groupSize());
        }
        if (codes.order().isPresent()) {
            settings.put(ORDERED, true);
        }
        return new PackedForm(NAME, settings);
    }

    @Override
    public LinearSpec spec(LinearSpec dense, ModelConfig settings) {
        GroupedForm form = form(dense, settings);
        LinearSpec packed = form.spec(dense);
        return ordered(settings) ? packed.stored(packed.storage(), packed.bytes() + 4L * dense.in()) : packed;
    }

    @Override
    public List<TensorSpec> tensors(LinearSpec dense, ModelConfig settings) {
        GroupedForm form = form(dense, settings);
        Shape groups = new Shape(dense.out(), form.groups(dense.in()));
        List<TensorSpec> tensors = new ArrayList<>();
        long bytes = form.streamBytes((long) dense.out() * dense.in());
        tensors.add(stored(dense.name() + CODES, new Shape(bytes), DataType.UINT8));
        tensors.add(stored(dense.name() + SCALES, groups, DataType.FLOAT32));
        tensors.add(stored(dense.name() + ZEROS, groups, DataType.UINT8));
        if (ordered(settings)) {
            tensors.add(stored(dense.name() + ORDER, new Shape(dense.in()), DataType.INT32));
        }
        return tensors;
    }

    @Override
    public LinearOp open(
            LinearSpec dense, ModelConfig settings, TensorSource tensors, List<NDArray> bias, PluginContext context) {
        String name = dense.name();
        GroupedCodes codes = new GroupedCodes(
                form(dense, settings),
                dense.out(),
                dense.in(),
                tensors.take(name + CODES).value(),
                tensors.take(name + SCALES).value(),
                tensors.take(name + ZEROS).value(),
                ordered(settings) ? Optional.of(tensors.take(name + ORDER).value()) : Optional.empty());
        return new GroupedLinear(context.ops(), name, codes, bias);
    }

    private static TensorSpec stored(String name, Shape shape, DataType type) {
        return TensorSpec.required(name, shape, new TensorSpec.Stored(type));
    }

    private static boolean ordered(ModelConfig settings) {
        return settings.flag(ORDERED, false);
    }

    private static GroupedForm form(LinearSpec dense, ModelConfig settings) {
        int bits = settings.integer(BITS);
        int size = settings.integer(GROUP_SIZE, 0);
        if (!GroupedForm.packs(bits)) {
            throw settings.problem("'" + BITS + "' of packed layers; found " + bits + "; allowed 2, 3, 4, 8");
        }
        if (size < 0 || (size > 0 && dense.in() % size != 0)) {
            throw settings.problem("'" + GROUP_SIZE + "' of packed layers; found " + size
                    + "; allowed a divisor of the " + dense.in() + " inputs of " + dense.name());
        }
        return new GroupedForm(bits, size);
    }
}
