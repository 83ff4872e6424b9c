package org.cpet.runtime.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cpet.runtime.model.PackedConfig.Packing;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.TensorSource;
import org.cpet.spi.model.TensorSpec;
import org.cpet.spi.model.TransformerModel;

/**
 * The layers of a model that its files hold packed. The family builds its model as always, with a weight of no size in
 * their places; then the packed layers go there.
 */
final class PackedLayers {
    private static final String WEIGHT = ".weight";

    private final Map<String, Packing> packings;
    private final Map<String, LinearSpec> dense = new LinkedHashMap<>();

    /**
     * @param packings by layer; those that this layout has not, as a head of another task, are left out
     * @param layout as the family knows it
     */
    PackedLayers(Map<String, Packing> packings, ModelLayout layout) {
        this.packings = Map.copyOf(packings);
        layout.linears().stream()
                .filter(linear -> packings.containsKey(linear.name()))
                .forEach(linear -> dense.put(linear.name(), linear));
    }

    /** Whether no layer is packed. */
    boolean isEmpty() {
        return dense.isEmpty();
    }

    /** The layout with packed layers and the tensors they are stored in. */
    ModelLayout layout(ModelLayout plain) {
        List<TensorSpec> tensors = new ArrayList<>();
        for (TensorSpec tensor : plain.tensors()) {
            LinearSpec layer = dense.get(owner(tensor.name()));
            if (layer != null && tensor.name().endsWith(WEIGHT)) {
                Packing packing = packing(layer.name());
                tensors.addAll(packing.format().tensors(layer, packing.settings()));
            } else {
                tensors.add(tensor);
            }
        }
        return plain.mapLinears(linear -> {
                    Packing packing = packings.get(linear.name());
                    return packing == null ? linear : packing.format().spec(linear, packing.settings());
                })
                .withTensors(tensors);
    }

    /** Gives weights of no size for packed layers, all else as {@code tensors} does. */
    TensorSource around(TensorSource tensors) {
        return new TensorSource() {
            @Override
            public ModelTensor take(String name) {
                LinearSpec layer = dense.get(owner(name));
                return layer != null && name.endsWith(WEIGHT)
                        ? new ModelTensor(name, nothing(manager(), layer))
                        : tensors.take(name);
            }

            @Override
            public NDManager manager() {
                return tensors.manager();
            }
        };
    }

    /** Puts the packed layers into a model that was built {@link #around} the same tensors. */
    void install(TransformerModel model, TensorSource tensors, PluginContext context) {
        for (LinearSite site : model.linears()) {
            LinearSpec layer = dense.get(site.name());
            if (layer != null) {
                Packing packing = packing(site.name());
                LinearOp packed = packing.format()
                        .open(layer, packing.settings(), tensors, site.op().bias(), context);
                site.replace(packed);
            }
        }
    }

    private Packing packing(String layer) {
        return Objects.requireNonNull(packings.get(layer));
    }

    private static NDArray nothing(NDManager manager, LinearSpec layer) {
        try (NDArray zero = manager.zeros(new Shape(1, 1))) {
            return zero.broadcast(new Shape(layer.out(), layer.in()));
        }
    }

    private static String owner(String tensor) {
        return tensor.substring(0, Math.max(0, tensor.lastIndexOf('.')));
    }
}
