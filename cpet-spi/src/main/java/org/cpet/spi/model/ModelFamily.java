package org.cpet.spi.model;

import java.util.List;
import java.util.OptionalInt;
import org.cpet.spi.PluginContext;

/** Knows one family of transformers: its layout from the config alone, and the model built from its tensors. */
public interface ModelFamily {
    /** Whether a config belongs to this family, by {@code model_type}. */
    boolean recognizes(ModelConfig config);

    /** The values of {@code model_type} that belong to this family, for messages. */
    default List<String> modelTypes() {
        return List.of();
    }

    /** The task a config was made for, by {@code architectures}; {@link ModelTask#ENCODER} without a head. */
    ModelTask nativeTask(ModelConfig config);

    /**
     * Modules and shapes; never starts the engine.
     *
     * @throws org.cpet.spi.InputException when the config contradicts itself or asks for what is not supported
     */
    ModelLayout layout(ModelConfig config, ModelRequest request);

    /** Tokens that a row may have at most, special ones included; empty where positions are not read from a table. */
    default OptionalInt longestRow(ModelConfig config) {
        return OptionalInt.empty();
    }

    /** The model, with every tensor of the layout taken from {@code tensors}. */
    TransformerModel build(ModelConfig config, ModelRequest request, TensorSource tensors, PluginContext context);
}
