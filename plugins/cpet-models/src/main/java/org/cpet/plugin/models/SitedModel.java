package org.cpet.plugin.models;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Optional;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.EmbeddingSite;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.KeptIndices;
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

    /** Forgets all other layers of the stacks, whose sites and tensors are gone. */
    void forgetLayersExcept(List<String> layers);

    /** Whether a tensor is read by other layers than the one it is named after. */
    default boolean sharedByLayers(String tensor) {
        return false;
    }

    @Override
    default void keepLayers(List<String> layers) {
        SavedLayers.checkStacks(layout().layers(), layers);
        sites().keepLayers(layers, this::sharedByLayers);
        forgetLayersExcept(layers);
    }

    @Override
    default void keepHidden(int[] channels) {
        sites().keepHidden(channels);
    }

    @Override
    default KeptIndices keptHidden() {
        return sites().hidden();
    }

    @Override
    default String savedName(String name) {
        return SavedLayers.of(layout().layers()).name(name);
    }

    @Override
    default List<ModelTensor> savedTensors() {
        SavedLayers names = SavedLayers.of(layout().layers());
        return tensors().stream()
                .map(tensor -> new ModelTensor(names.name(tensor.name()), tensor.value()))
                .toList();
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
