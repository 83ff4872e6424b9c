package org.cpet.spi.recover;

import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModulePlan;
import org.cpet.spi.model.TransformerModel;

/** R: a kind of module that restores what compression lost (paper, section 3.4). */
public interface RecoveryMethod {
    /** What attaching would add; never starts the engine. */
    ModulePlan plan(ModelLayout layout);

    /** Puts a fresh module into a compressed model; it changes nothing at step 0. */
    RecoveryModule attach(TransformerModel compressed);
}
