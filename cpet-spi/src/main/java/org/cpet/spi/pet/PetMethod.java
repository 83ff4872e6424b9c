package org.cpet.spi.pet;

import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModulePlan;
import org.cpet.spi.model.TransformerModel;

/** P: a kind of small task module. */
public interface PetMethod {
    /** What attaching would add; never starts the engine. */
    ModulePlan plan(ModelLayout layout);

    /** Whether its modules are {@link RankedPet}s, of which an estimation can leave some out. */
    default boolean ranked() {
        return false;
    }

    /** P(𝓜) or P(𝓒): puts a fresh module into the model. */
    PetModule attach(TransformerModel model);
}
