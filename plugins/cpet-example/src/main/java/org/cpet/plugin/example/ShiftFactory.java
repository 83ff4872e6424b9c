package org.cpet.plugin.example;

import org.cpet.spi.PluginContext;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetMethodFactory;

/** Makes {@code shift}: {@code pet: {type: shift, target_modules: [query, value]}}. */
public final class ShiftFactory implements PetMethodFactory<ShiftOptions> {
    @Override
    public String name() {
        return "shift";
    }

    @Override
    public String description() {
        return "a trainable vector added to the output of a layer";
    }

    @Override
    public Class<ShiftOptions> optionsType() {
        return ShiftOptions.class;
    }

    @Override
    public PetMethod create(ShiftOptions options, PluginContext context) {
        return new Shift(options, context);
    }
}
