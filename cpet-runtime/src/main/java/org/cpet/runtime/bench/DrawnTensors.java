package org.cpet.runtime.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.TensorSource;
import org.cpet.spi.model.TensorSpec;
import org.cpet.spi.tensor.Ops;

/** Tensors drawn one after the other by the engine's generator: fast, and the same again only on the same machine. */
final class DrawnTensors implements TensorSource {
    private final Map<String, TensorSpec> specs;
    private final DataType type;
    private final NDManager manager;
    private final Ops ops;
    private final Map<String, ModelTensor> taken = new HashMap<>();

    DrawnTensors(ModelLayout layout, DataType type, NDManager manager, Ops ops) {
        this.specs = layout.tensors().stream().collect(Collectors.toMap(TensorSpec::name, Function.identity()));
        this.type = type;
        this.manager = manager;
        this.ops = ops;
    }

    @Override
    public ModelTensor take(String name) {
        return taken.computeIfAbsent(name, this::draw);
    }

    @Override
    public NDManager manager() {
        return manager;
    }

    private ModelTensor draw(String name) {
        TensorSpec spec = specs.get(name);
        if (spec == null) {
            throw new NoSuchElementException("the layout has no '" + name + "'");
        }
        NDArray values = spec.start() instanceof TensorSpec.Normal normal
                ? manager.randomNormal(0, (float) normal.standardDeviation(), spec.shape(), DataType.FLOAT32)
                : manager.full(spec.shape(), (float) ((TensorSpec.Constant) spec.start()).value(), DataType.FLOAT32);
        if (type == DataType.FLOAT32) {
            return new ModelTensor(name, values);
        }
        try (values) {
            return new ModelTensor(name, ops.cast(values, type));
        }
    }
}
