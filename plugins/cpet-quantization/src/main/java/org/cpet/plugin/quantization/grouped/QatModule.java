package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.ModuleState;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.tensor.Ops;

/** The trained weights of packed layers; merging leaves their codes. */
final class QatModule implements PetModule {
    private final Ops ops;
    private final Map<String, Object> config;
    private final List<LatentWeight> layers;
    private boolean attached;
    private boolean merged;

    /** @param config what {@code adapter_config.json} says */
    QatModule(Ops ops, Map<String, Object> config, List<LatentWeight> layers) {
        this.ops = ops;
        this.config = config;
        this.layers = List.copyOf(layers);
    }

    @Override
    public List<TrainableTensor> parameters() {
        return layers.stream().map(LatentWeight::parameter).toList();
    }

    @Override
    public Map<String, NDArray> state() {
        return ModuleState.of(parameters());
    }

    @Override
    public void load(Map<String, NDArray> state) {
        ModuleState.load(ops, state(), state);
    }

    /** W loses the rows and columns that the layer lost. */
    @Override
    public InheritanceReport inherit(Map<String, NDArray> taught, Lineage lineage) {
        List<String> inherited = new ArrayList<>();
        List<String> sliced = new ArrayList<>();
        List<String> missed = new ArrayList<>();
        for (LatentWeight layer : layers) {
            String name = layer.parameter().name();
            KeptIndices kept = lineage.linears()
                    .getOrDefault(layer.site().name(), layer.site().kept());
            Shape needed = new Shape(kept.originalOut(), kept.originalIn());
            NDArray source = taught.get(name);
            if (source == null) {
                missed.add(name + ": not among the taught tensors");
            } else if (!source.getShape().equals(needed)) {
                missed.add(name + ": taught as " + source.getShape() + ", needed as " + needed);
            } else if (kept.isWhole()) {
                ops.assign(layer.leaf(), source);
                inherited.add(name);
            } else {
                cut(source, kept, layer.leaf());
                sliced.add(name);
            }
        }
        return new InheritanceReport(inherited, sliced, missed);
    }

    private void cut(NDArray source, KeptIndices kept, NDArray target) {
        try (NDArray rows = ops.select(source, 0, kept.rows());
                NDArray left = ops.select(rows, 1, kept.columns())) {
            ops.assign(target, left);
        }
    }

    @Override
    public boolean mergeable() {
        return true;
    }

    /** q ← the nearest code of W in every layer. */
    @Override
    public void merge() {
        detach();
        layers.forEach(layer -> layer.site().replace(layer.linear().holding(layer.leaf())));
        merged = true;
    }

    /** A type of our own: PEFT has no adapter that holds weights to round. */
    @Override
    public Map<String, Object> peftConfig() {
        return config;
    }

    @Override
    public void attach() {
        if (merged) {
            throw new IllegalStateException("a merged module is part of the model's codes and cannot be attached");
        }
        if (!attached) {
            layers.forEach(layer -> layer.linear().round(layer.leaf()));
            attached = true;
        }
    }

    @Override
    public void detach() {
        if (attached) {
            layers.forEach(layer -> layer.linear().unround());
            attached = false;
        }
    }

    @Override
    public void close() {
        detach();
        layers.forEach(layer -> layer.leaf().close());
    }
}
