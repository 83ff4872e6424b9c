package org.cpet.plugin.models.t5;

import org.cpet.spi.NoOptions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.ModelFamily;
import org.cpet.spi.model.ModelFamilyFactory;

/** Makes the family of {@code model_type: t5}. */
public final class T5Factory implements ModelFamilyFactory {
    @Override
    public String name() {
        return "t5";
    }

    @Override
    public String description() {
        return "T5 v1.0 and v1.1: sequence to sequence";
    }

    @Override
    public ModelFamily create(NoOptions options, PluginContext context) {
        return new T5Family();
    }
}
