package org.cpet.spi.model;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/** A transformer as a list of named sites. Nobody subclasses a model; methods work on its sites. */
public interface TransformerModel extends AutoCloseable {
    /** The config it was built from. */
    ModelConfig config();

    /** Modules and shapes as they are now. */
    ModelLayout layout();

    /** Logits and hidden states of a batch. */
    ModelOutput forward(TokenBatch batch, ForwardMode mode);

    /** Every linear layer, in the order of the forward pass; a tied output head included. */
    List<LinearSite> linears();

    /** Every attention block. */
    List<AttentionSite> attentions();

    /** Every feed-forward block. */
    List<FeedForwardSite> feedForwards();

    /** Where embeddings come in; empty in a family that takes no virtual tokens. */
    default Optional<EmbeddingSite> embeddings() {
        return Optional.empty();
    }

    /** The layers of a classification head, trained and saved with an adapter; empty for language models. */
    default List<LinearSite> classifier() {
        return linears().stream()
                .filter(site -> site.role() == LinearRole.CLASSIFIER)
                .toList();
    }

    /** Whether a layer reads the tokens of the decoder; never where there is one stack alone. */
    default boolean readsDecoder(LinearSite site) {
        return false;
    }

    /**
     * Removes all other layers of the stacks; the rest keep their names. At least one of each stack must stay.
     *
     * @param layers names as in {@link ModelLayout#layers}
     */
    default void keepLayers(List<String> layers) {
        throw new CpetException(ExitCode.RECIPE, "layers cannot be removed from models of family " + layout().family());
    }

    /** Removes all other channels of the hidden states, from every tensor that has them. */
    default void keepHidden(int[] channels) {
        throw new CpetException(
                ExitCode.RECIPE, "hidden channels cannot be removed from models of family " + layout().family());
    }

    /** Which channels of the original hidden states are left, as rows. */
    default KeptIndices keptHidden() {
        return KeptIndices.all(layout().hiddenSize(), 1);
    }

    /** Every tensor as it is now, each once. */
    List<ModelTensor> tensors();

    /** The {@code config.json} of a directory that opens as this model, narrowed sizes included. */
    default Map<String, Object> savedConfig() {
        return config().values();
    }

    /**
     * The tensors of a directory that opens as this model. Made for the occasion where {@link #tensors()} differs; those
     * belong to the current scope.
     */
    default List<ModelTensor> savedTensors() {
        return tensors();
    }

    /** Bytes of every tensor, with what computes FFN blocks. */
    default long bytes() {
        long routers = feedForwards().stream()
                .flatMap(block -> block.op().stream())
                .flatMap(op -> op.tensors().stream())
                .mapToLong(ModelTensor::bytes)
                .sum();
        return routers + tensors().stream().mapToLong(ModelTensor::bytes).sum();
    }

    /** What a module or tensor is called in a saved directory, where layers are counted without those removed. */
    default String savedName(String name) {
        return name;
    }

    /** Why only this project opens a saved directory, where that is so. */
    default Optional<String> savedForm() {
        return Optional.empty();
    }

    /** Owns the weights. */
    NDManager manager();

    @Override
    void close();
}
