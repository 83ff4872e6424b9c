package org.cpet.spi.model;

import java.util.List;
import org.cpet.spi.PluginContext;

/**
 * Opens FFN blocks that a model directory says are computed in another way than neuron by neuron, from the tensors that
 * {@link FeedForwardOp#tensors} gave and with the settings that {@link FeedForwardOp#saved} stated. Made by the plugin whose
 * compressor puts such blocks in; found through its factory.
 */
public interface BlockFormat {
    /** As directories call it, unique among all plugins. */
    String name();

    /**
     * The block as a plan sees it; never starts the engine.
     *
     * @throws org.cpet.spi.InputException when the settings describe no such block
     */
    FeedForwardSpec spec(FeedForwardSpec dense, ModelConfig settings);

    /** What a directory holds for the block, by name. */
    List<String> tensors(FeedForwardSpec dense, ModelConfig settings);

    /**
     * What computes the block.
     *
     * @param tensors gives those of {@link #tensors}, which the result then owns
     */
    FeedForwardOp open(FeedForwardSite block, ModelConfig settings, TensorSource tensors, PluginContext context);
}
