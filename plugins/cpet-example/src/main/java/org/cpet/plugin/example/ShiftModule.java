package org.cpet.plugin.example;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cpet.spi.OptionException;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.ModuleState;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.tensor.Ops;

/** The vectors of {@link Shift} in one model. */
final class ShiftModule implements PetModule {
    private final Ops ops;
    private final List<ShiftVector> vectors;
    private boolean attached;

    ShiftModule(Ops ops, List<ShiftVector> vectors) {
        this.ops = ops;
        this.vectors = List.copyOf(vectors);
    }

    @Override
    public List<TrainableTensor> parameters() {
        return vectors.stream().map(ShiftVector::shift).toList();
    }

    /** ModuleState does what nearly every module needs: names to tensors, and back with checks. */
    @Override
    public Map<String, NDArray> state() {
        return ModuleState.of(parameters());
    }

    @Override
    public void load(Map<String, NDArray> state) {
        ModuleState.load(ops, state(), state);
    }

    @Override
    public void attach() {
        if (!attached) {
            vectors.forEach(vector -> vector.site().add(vector));
            attached = true;
        }
    }

    @Override
    public void detach() {
        if (attached) {
            vectors.forEach(vector -> vector.site().remove(vector));
            attached = false;
        }
    }

    /** The runtime closes modules; whoever made the leaves frees them. */
    @Override
    public void close() {
        detach();
        parameters().forEach(parameter -> parameter.value().close());
    }

    /**
     * Knowledge inheritance: takes over the vectors learnt on the uncompressed model. Compression may have removed rows of
     * a layer; the lineage says which are left, and the same entries of the vector are taken.
     */
    @Override
    public InheritanceReport inherit(Map<String, NDArray> taught, Lineage lineage) {
        List<String> inherited = new ArrayList<>();
        List<String> sliced = new ArrayList<>();
        List<String> missed = new ArrayList<>();
        for (ShiftVector vector : vectors) {
            String name = vector.shift().name();
            KeptIndices kept = lineage.linears()
                    .getOrDefault(vector.site().name(), vector.site().kept());
            NDArray source = taught.get(name);
            if (source == null || !source.getShape().equals(new Shape(kept.originalOut()))) {
                missed.add(name + ": " + (source == null ? "not taught" : "taught as " + source.getShape()));
            } else {
                try (NDArray rows = ops.select(source, 0, kept.rows())) {
                    ops.assign(vector.shift().value(), rows);
                }
                (KeptIndices.isWhole(kept.rows(), kept.originalOut()) ? inherited : sliced).add(name);
            }
        }
        return new InheritanceReport(inherited, sliced, missed);
    }

    /** A vector can become part of a layer's bias, where there is one and it is plain. */
    @Override
    public boolean mergeable() {
        return vectors.stream()
                .allMatch(vector -> vector.site().op() instanceof DenseLinear dense
                        && !dense.bias().isEmpty());
    }

    @Override
    public void merge() {
        if (!mergeable()) {
            throw new OptionException("shift can be folded into dense layers with a bias only");
        }
        detach();
        vectors.forEach(this::merge);
    }

    /** Weights may lie in a file mapped read-only: put a new tensor in place instead of adding to the old one. */
    private void merge(ShiftVector vector) {
        List<ModelTensor> tensors = vector.site().op().tensors();
        ModelTensor bias = tensors.get(tensors.size() - 1);
        try (Ops.Scope scope = ops.scope()) {
            NDArray shift =
                    ops.cast(ops.detach(vector.shift().value()), bias.value().getDataType());
            bias.replace(ops.copy(bias.value().add(shift))).close();
        }
    }

    /** What an adapter_config.json would say; empty, because PEFT knows no such method. */
    @Override
    public Map<String, Object> peftConfig() {
        return Map.of();
    }
}
