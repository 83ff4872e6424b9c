package org.cpet.runtime.train;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.ModuleState;
import org.cpet.spi.model.TrainableModule;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.tensor.Ops;

/**
 * The classification head, trained whole beside a PET and saved with it (PEFT's {@code modules_to_save}): float32 leaves
 * stand where the model's own weights stood. Empty for language models.
 */
public final class TrainableClassifier implements TrainableModule {
    private final Ops ops;
    private final List<ModelTensor> tensors;
    private final List<TrainableTensor> leaves;
    private final Map<String, NDArray> originals = new LinkedHashMap<>();
    private boolean attached;

    private TrainableClassifier(Ops ops, List<ModelTensor> tensors) {
        this.ops = ops;
        this.tensors = tensors;
        this.leaves = tensors.stream()
                .map(tensor -> new TrainableTensor(tensor.name(), ops.trainable(tensor.value())))
                .toList();
    }

    /** Makes the head of {@code model} trainable, starting from its present weights. */
    public static TrainableClassifier attach(Ops ops, TransformerModel model) {
        return attach(ops, model, Set.of());
    }

    /** No head at all. */
    static TrainableClassifier none(Ops ops) {
        return new TrainableClassifier(ops, List.of());
    }

    /**
     * Makes trainable what another module does not train already.
     *
     * @param taken names of tensors that another module trains already
     */
    public static TrainableClassifier attach(Ops ops, TransformerModel model, Set<String> taken) {
        List<ModelTensor> tensors = model.classifier().stream()
                .flatMap(site -> site.op().tensors().stream())
                .filter(tensor -> !taken.contains(tensor.name()))
                .toList();
        TrainableClassifier classifier = new TrainableClassifier(ops, tensors);
        classifier.attach();
        return classifier;
    }

    /** Takes over what the same head learnt on the original model, cut to what this model kept (paper, section 3.3). */
    public InheritanceReport inherit(Map<String, NDArray> taught, Lineage lineage) {
        List<String> whole = new ArrayList<>();
        List<String> cut = new ArrayList<>();
        List<String> missed = new ArrayList<>();
        for (TrainableTensor leaf : leaves) {
            NDArray source = taught.get(leaf.name());
            if (source == null) {
                missed.add(leaf.name() + ": not in what was taught");
            } else if (source.getShape().equals(leaf.value().getShape())) {
                ops.assign(leaf.value(), source);
                whole.add(leaf.name());
            } else if (slice(leaf, source, lineage)) {
                cut.add(leaf.name());
            } else {
                missed.add(leaf.name() + ": shape " + leaf.value().getShape() + ", taught " + source.getShape());
            }
        }
        return new InheritanceReport(whole, cut, missed);
    }

    private boolean slice(TrainableTensor leaf, NDArray source, Lineage lineage) {
        KeptIndices kept =
                lineage.linears().get(leaf.name().substring(0, leaf.name().lastIndexOf('.')));
        if (kept == null || source.getShape().get(0) != kept.originalOut()) {
            return false;
        }
        try (NDArray rows = ops.select(source, 0, kept.rows())) {
            boolean matrix = source.getShape().dimension() == 2;
            try (NDArray cut = matrix ? ops.select(rows, 1, kept.columns()) : ops.copy(rows)) {
                boolean fits = cut.getShape().equals(leaf.value().getShape());
                if (fits) {
                    ops.assign(leaf.value(), cut);
                }
                return fits;
            }
        }
    }

    @Override
    public List<TrainableTensor> parameters() {
        return leaves;
    }

    @Override
    public Map<String, NDArray> state() {
        return ModuleState.of(leaves);
    }

    @Override
    public void load(Map<String, NDArray> state) {
        ModuleState.load(ops, state(), state);
    }

    @Override
    public void detach() {
        if (attached) {
            tensors.forEach(tensor -> tensor.replace(original(tensor.name())));
            originals.clear();
            attached = false;
        }
    }

    @Override
    public void attach() {
        if (!attached) {
            for (int i = 0; i < tensors.size(); i++) {
                ModelTensor tensor = tensors.get(i);
                originals.put(tensor.name(), tensor.replace(leaves.get(i).value()));
            }
            attached = true;
        }
    }

    @Override
    public void close() {
        detach();
        leaves.forEach(leaf -> leaf.value().close());
    }

    private NDArray original(String name) {
        return Objects.requireNonNull(originals.get(name), name);
    }
}
