package org.cpet.spi.model;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    /** Owns the weights. */
    NDManager manager();

    @Override
    void close();
}
