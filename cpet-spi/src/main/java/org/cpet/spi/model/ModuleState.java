package org.cpet.spi.model;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.spi.InputException;
import org.cpet.spi.Nearest;
import org.cpet.spi.tensor.Ops;
import org.jspecify.annotations.Nullable;

/** Reads and overwrites the state of a module whose tensors all have names. */
public final class ModuleState {
    private ModuleState() {}

    /** The live tensors by name, in their order. */
    public static Map<String, NDArray> of(List<TrainableTensor> parameters) {
        Map<String, NDArray> state = new LinkedHashMap<>();
        parameters.forEach(parameter -> state.put(parameter.name(), parameter.value()));
        return state;
    }

    /**
     * Copies {@code given} into {@code live}; nothing is changed when anything does not fit.
     *
     * @throws InputException when a name is missing, unknown, or has another shape
     */
    public static void load(Ops ops, Map<String, NDArray> live, Map<String, NDArray> given) {
        for (String name : given.keySet()) {
            if (!live.containsKey(name)) {
                throw new InputException(
                        "tensor '" + name + "' has no place in this module" + Nearest.hint(name, live.keySet()));
            }
        }
        List<Runnable> copies = new ArrayList<>();
        live.forEach((name, tensor) -> {
            NDArray value = fitting(name, tensor, given.get(name));
            copies.add(() -> ops.assign(tensor, value));
        });
        copies.forEach(Runnable::run);
    }

    private static NDArray fitting(String name, NDArray tensor, @Nullable NDArray value) {
        if (value == null) {
            throw new InputException("tensor '" + name + "' is missing");
        }
        if (!value.getShape().equals(tensor.getShape())) {
            throw new InputException("tensor '" + name + "' has another shape; found " + value.getShape() + "; allowed "
                    + tensor.getShape());
        }
        return value;
    }
}
