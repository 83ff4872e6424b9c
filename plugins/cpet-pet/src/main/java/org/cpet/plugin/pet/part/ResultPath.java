package org.cpet.plugin.pet.part;

import ai.djl.ndarray.NDArray;
import org.cpet.spi.model.Bypass;
import org.cpet.spi.model.ForwardMode;

/** A path that reads what the layer gives, y, where others read its input alone. */
public interface ResultPath extends Bypass {
    @Override
    default boolean readsResult() {
        return true;
    }

    /** Never called: there is no Δ without y. */
    @Override
    default NDArray apply(NDArray x, ForwardMode mode) {
        throw new UnsupportedOperationException("this path needs the layer's result; call addTo");
    }
}
