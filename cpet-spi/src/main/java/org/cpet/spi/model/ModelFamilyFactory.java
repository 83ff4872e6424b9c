package org.cpet.spi.model;

import org.cpet.spi.ExtensionFactory;
import org.cpet.spi.NoOptions;

/** Service type of model families. */
public interface ModelFamilyFactory extends ExtensionFactory<ModelFamily, NoOptions> {
    @Override
    default Class<NoOptions> optionsType() {
        return NoOptions.class;
    }
}
