package org.cpet.runtime.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.TensorSource;
import org.cpet.spi.model.TensorSpec;
import org.cpet.spi.tensor.Initializers;

/** Draws each tensor from the run's seed and the tensor's name, so that a new layer changes no other. */
public final class RandomTensors implements TensorSource {
    private final Map<String, TensorSpec> specs;
    private final DataType type;
    private final NDManager manager;
    private final PluginContext context;
    private final Drawing drawing;
    private final Map<String, ModelTensor> taken = new HashMap<>();

    public RandomTensors(ModelLayout layout, DataType type, NDManager manager, PluginContext context) {
        this(
                layout,
                type,
                manager,
                context,
                (spec, deviation) ->
                        Initializers.normal(manager, spec.shape(), deviation, context.random(spec.name())));
    }

    /** The same, drawn in another way. */
    public RandomTensors(ModelLayout layout, DataType type, NDManager manager, PluginContext context, Drawing drawing) {
        this.specs = layout.tensors().stream().collect(Collectors.toMap(TensorSpec::name, Function.identity()));
        this.type = type;
        this.manager = manager;
        this.context = context;
        this.drawing = drawing;
    }

    /** Where normal values come from. */
    @FunctionalInterface
    public interface Drawing {
        /** float32 values of the tensor's shape with mean 0. */
        NDArray normal(TensorSpec spec, double standardDeviation);
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
        NDArray values = values(spec);
        if (type == DataType.FLOAT32) {
            return new ModelTensor(name, values);
        }
        try (values) {
            return new ModelTensor(name, context.ops().cast(values, type));
        }
    }

    private NDArray values(TensorSpec spec) {
        if (spec.start() instanceof TensorSpec.Normal normal) {
            return drawing.normal(spec, normal.standardDeviation());
        }
        if (!(spec.start() instanceof TensorSpec.Constant constant)) {
            throw new IllegalArgumentException(spec.name() + " can only come from a file");
        }
        double value = constant.value();
        return manager.full(spec.shape(), (float) value, DataType.FLOAT32);
    }
}
