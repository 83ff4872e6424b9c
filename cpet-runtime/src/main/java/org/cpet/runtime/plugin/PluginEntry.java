package org.cpet.runtime.plugin;

import org.cpet.spi.ExtensionFactory;

/**
 * An extension that recipes can name.
 *
 * @param origin the jar or directory it was loaded from
 */
public record PluginEntry(Kind kind, String name, String description, ExtensionFactory<?, ?> factory, Origin origin) {
    /** The record that holds its options. */
    public Class<? extends Record> optionsType() {
        return factory.optionsType();
    }

    /** The name with its origin, as messages list it: {@code int8 (cpet-quantization-0.1.0.jar)}. */
    public String label() {
        return name + " (" + origin.label() + ")";
    }
}
