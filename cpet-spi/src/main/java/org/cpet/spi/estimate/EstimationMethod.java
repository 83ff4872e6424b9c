package org.cpet.spi.estimate;

import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.RankedPet;

/** Trains a fresh PET for a few steps on the original model and then says what of both may go. */
public interface EstimationMethod {
    /** Optimizer steps of the estimation. */
    int steps();

    /**
     * The layout after what was found superfluous is gone. Where layers may lose different shares, that of a layer is
     * the share of all.
     */
    ModelLayout plan(ModelLayout layout);

    /** Puts whatever has to be watched or trained into a model that carries {@code pet}, attached. */
    Estimation start(TransformerModel model, RankedPet pet);
}
