package org.cpet.runtime.serve;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.InputException;
import org.cpet.spi.model.Bypass;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/**
 * A classification head of an adapter's own, with as many classes as it likes: in each layer of the classifier its result
 * stands for the model's.
 */
final class AdapterHead implements AutoCloseable {
    private final List<Layer> layers;
    private boolean attached;

    private AdapterHead(List<Layer> layers) {
        this.layers = List.copyOf(layers);
    }

    /** y = x Wᵀ + b, whatever the layer beside it gives. */
    record Layer(Ops ops, LinearSite site, NDArray weight, Optional<NDArray> bias) implements Bypass {
        @Override
        public NDArray apply(NDArray x, ForwardMode mode) {
            throw new UnsupportedOperationException("a head takes the layer's place");
        }

        @Override
        public NDArray addTo(NDArray y, NDArray x, ForwardMode mode) {
            return bias.map(b -> ops.linear(x, weight, b)).orElseGet(() -> ops.linear(x, weight));
        }

        /** It stands before other paths, which add to what it gives. */
        @Override
        public boolean readsResult() {
            return true;
        }

        private void close() {
            weight.close();
            bias.ifPresent(NDArray::close);
        }
    }

    /** The head among an adapter's tensors, by the names of the classifier's layers; detached. */
    static AdapterHead of(Ops ops, TransformerModel model, Map<String, NDArray> tensors) {
        Map<String, NDArray> left = new LinkedHashMap<>(tensors);
        List<Layer> layers = new ArrayList<>();
        for (LinearSite site : model.classifier()) {
            NDArray weight = left.remove(site.name() + ".weight");
            Optional<NDArray> bias = Optional.ofNullable(left.remove(site.name() + ".bias"));
            if (weight == null || weight.getShape().get(1) != site.op().in()) {
                throw new InputException("classifier tensor '" + site.name() + ".weight'; found "
                        + (weight == null ? "none" : weight.getShape()) + "; allowed rows of "
                        + site.op().in());
            }
            layers.add(new Layer(ops, site, kept(ops, model, weight), bias.map(b -> kept(ops, model, b))));
        }
        if (!left.isEmpty()) {
            throw new InputException(left.size() + " tensors of the adapter fit nowhere in the model; found "
                    + left.keySet().iterator().next());
        }
        return new AdapterHead(layers);
    }

    /** A copy that the model owns. */
    private static NDArray kept(Ops ops, TransformerModel model, NDArray tensor) {
        NDArray copy = ops.copy(tensor);
        copy.attach(model.manager());
        return copy;
    }

    /** Classes. */
    int labels() {
        return (int) layers.get(layers.size() - 1).weight().getShape().get(0);
    }

    void attach() {
        if (!attached) {
            layers.forEach(layer -> layer.site().add(layer));
            attached = true;
        }
    }

    void detach() {
        if (attached) {
            layers.forEach(layer -> layer.site().remove(layer));
            attached = false;
        }
    }

    @Override
    public void close() {
        detach();
        layers.forEach(Layer::close);
    }
}
