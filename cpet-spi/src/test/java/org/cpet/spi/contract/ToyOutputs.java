package org.cpet.spi.contract;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.tensor.Initializers;

/**
 * Outputs as a model of some task would give them, made up from a seed: three rows, five tokens, four targets for a
 * decoder; hidden size 8, thirteen words or three classes.
 */
record ToyOutputs(NDManager manager, ModelTask task, Map<OutputKind, NDArray> tensors) {
    private static final int TARGETS = 4;
    private static final int[] TARGET_LENGTHS = {2, 4, 3};

    static ToyOutputs of(NDManager manager, ModelTask task, DataType type, long seed) {
        Map<OutputKind, NDArray> tensors = new EnumMap<>(OutputKind.class);
        Shape tokens = new Shape(ToyBatch.ROWS, ToyBatch.TOKENS);
        Shape predicted = task == ModelTask.SEQ2SEQ_LM ? new Shape(ToyBatch.ROWS, TARGETS) : tokens;
        Shape logits = task == ModelTask.SEQ_CLS
                ? new Shape(ToyBatch.ROWS, ToySpec.CLASSES)
                : predicted.add(ToySpec.VOCABULARY);
        tensors.put(OutputKind.LOGITS, draw(manager, logits, type, seed, "logits"));
        tensors.put(OutputKind.LAST_HIDDEN, draw(manager, predicted.add(ToySpec.HIDDEN), type, seed, "hidden"));
        tensors.put(OutputKind.ENCODER_LAST_HIDDEN, draw(manager, tokens.add(ToySpec.HIDDEN), type, seed, "encoder"));
        if (task != ModelTask.SEQ2SEQ_LM) {
            tensors.put(OutputKind.ENCODER_LAST_HIDDEN, tensors.get(OutputKind.LAST_HIDDEN));
        }
        tensors.put(OutputKind.HIDDEN_LAYERS, twoLayers(tensors.get(OutputKind.LAST_HIDDEN), seed, "layers"));
        tensors.put(
                OutputKind.ENCODER_HIDDEN_LAYERS,
                task == ModelTask.SEQ2SEQ_LM
                        ? twoLayers(tensors.get(OutputKind.ENCODER_LAST_HIDDEN), seed, "encoder layers")
                        : tensors.get(OutputKind.HIDDEN_LAYERS));
        return new ToyOutputs(manager, task, tensors);
    }

    /** The batch that belongs to outputs of a task. */
    static TokenBatch batch(NDManager manager, ModelTask task) {
        TokenBatch batch =
                ToyBatch.of(manager, task == ModelTask.SEQ_CLS ? ToySpec.classifier() : ToySpec.languageModel(), 1);
        if (task != ModelTask.SEQ2SEQ_LM) {
            return batch;
        }
        long[] labels = new long[ToyBatch.ROWS * TARGETS];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % TARGETS < TARGET_LENGTHS[i / TARGETS] ? 1 + i : TokenBatch.IGNORED;
        }
        return batch.withLabels(manager.create(labels, new Shape(ToyBatch.ROWS, TARGETS)));
    }

    ModelOutput output() {
        List<NDArray> last = states(OutputKind.HIDDEN_LAYERS, OutputKind.LAST_HIDDEN);
        List<NDArray> encoder = states(OutputKind.ENCODER_HIDDEN_LAYERS, OutputKind.ENCODER_LAST_HIDDEN);
        boolean both = task == ModelTask.SEQ2SEQ_LM;
        return new ModelOutput(
                Optional.of(tensors.get(OutputKind.LOGITS)),
                task == ModelTask.CAUSAL_LM ? 1 : 0,
                encoder,
                both ? last : List.of(),
                Optional.empty());
    }

    /** Embeddings, the first of two layers, and the last hidden states. */
    private List<NDArray> states(OutputKind layers, OutputKind last) {
        NDArray first = tensors.get(layers).get(new NDIndex(":, :, {}:{}", 0, ToySpec.HIDDEN));
        return List.of(first, first, tensors.get(last));
    }

    private static NDArray twoLayers(NDArray last, long seed, String name) {
        NDArray first = draw(last.getManager(), last.getShape(), last.getDataType(), seed, name);
        return NDArrays.concat(new NDList(first, last), 2);
    }

    /** The same with one tensor in another's place. */
    ToyOutputs with(OutputKind kind, NDArray tensor) {
        Map<OutputKind, NDArray> changed = new EnumMap<>(tensors);
        changed.put(kind, tensor);
        if (task != ModelTask.SEQ2SEQ_LM && kind == OutputKind.LAST_HIDDEN) {
            changed.put(OutputKind.ENCODER_LAST_HIDDEN, tensor);
        }
        if (task != ModelTask.SEQ2SEQ_LM && kind == OutputKind.HIDDEN_LAYERS) {
            changed.put(OutputKind.ENCODER_HIDDEN_LAYERS, tensor);
        }
        return new ToyOutputs(manager, task, changed);
    }

    /** The same where everything that does not count is {@code value}: padding, and a decoder's unlabelled positions. */
    ToyOutputs withUncounted(double value, TokenBatch batch) {
        NDArray mask = batch.attentionMask();
        NDArray labels = batch.labels().orElseThrow();
        ToyOutputs changed = this;
        for (OutputKind kind : Set.copyOf(tensors.keySet())) {
            NDArray tensor = tensors.get(kind);
            if (tensor.getShape().dimension() == 3) {
                boolean decoder = task == ModelTask.SEQ2SEQ_LM && !kind.ofEncoder();
                NDArray counted = decoder ? labels.neq(TokenBatch.IGNORED) : mask.neq(0);
                changed = changed.with(kind, replaced(tensor, counted, value));
            }
        }
        return changed;
    }

    private static NDArray replaced(NDArray tensor, NDArray counted, double value) {
        NDArray other = tensor.zerosLike().add(value);
        return NDArrays.where(counted.expandDims(2).broadcast(tensor.getShape()), tensor, other);
    }

    private static NDArray draw(NDManager manager, Shape shape, DataType type, long seed, String name) {
        NDArray drawn = Initializers.normal(manager, shape, 1, Seeded.random(seed, name));
        return type == DataType.FLOAT32 ? drawn : drawn.toType(type, true);
    }
}
