package org.cpet.runtime.recipe;

import org.cpet.spi.ExtensionFactory;
import org.cpet.spi.PluginContext;

/**
 * A method a recipe chose, with its options bound.
 *
 * @param <T> what the factory makes
 */
public record Configured<T>(ExtensionFactory<T, ?> factory, Record options) {
    /** The method's name. */
    public String name() {
        return factory.name();
    }

    /** Makes the extension. */
    public T create(PluginContext context) {
        return createWith(factory, context);
    }

    private <O extends Record> T createWith(ExtensionFactory<T, O> typed, PluginContext context) {
        return typed.create(typed.optionsType().cast(options), context);
    }
}
