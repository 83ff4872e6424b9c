package org.cpet.plugin.models;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Optional;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.EmbeddingSite;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.TransformerModel;

/** A model that keeps its sites in {@link ModelSites}. */
public interface SitedModel extends TransformerModel {
    ModelSites sites();

    @Override
    default ModelConfig config() {
        return sites().config();
    }

    @Override
    default ModelLayout layout() {
        return sites().layout();
    }

    /** Where token embeddings come in. */
    EmbeddingSite embedding();

    @Override
    default Optional<EmbeddingSite> embeddings() {
        return Optional.of(embedding());
    }

    @Override
    default List<LinearSite> linears() {
        return sites().linears();
    }

    @Override
    default List<AttentionSite> attentions() {
        return sites().attentions();
    }

    @Override
    default List<FeedForwardSite> feedForwards() {
        return sites().feedForwards();
    }

    @Override
    default List<ModelTensor> tensors() {
        return sites().tensors();
    }

    @Override
    default NDManager manager() {
        return sites().source().manager();
    }

    @Override
    default void close() {
        manager().close();
    }
}
