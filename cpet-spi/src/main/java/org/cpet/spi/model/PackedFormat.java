package org.cpet.spi.model;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.cpet.spi.PluginContext;

/**
 * Opens layers whose weight a model directory holds packed, in the tensors that {@link LinearOp#tensors} gave and with the
 * settings that {@link LinearOp#packed} stated. Made by the plugin that packs; found through its compressor's factory.
 */
public interface PackedFormat {
    /** As {@code config.json} calls it, unique among all plugins. */
    String name();

    /**
     * The layer as a plan sees it; never starts the engine.
     *
     * @param dense the layer as the family knows it
     * @throws org.cpet.spi.InputException when the settings describe no such layer
     */
    LinearSpec spec(LinearSpec dense, ModelConfig settings);

    /** What a file holds in place of {@code <layer>.weight}: names, shapes, and their types as {@link TensorSpec.Stored}. */
    List<TensorSpec> tensors(LinearSpec dense, ModelConfig settings);

    /**
     * The layer.
     *
     * @param tensors gives those of {@link #tensors}, which the layer then owns
     * @param bias [out], or nothing; not owned
     */
    LinearOp open(
            LinearSpec dense, ModelConfig settings, TensorSource tensors, List<NDArray> bias, PluginContext context);
}
