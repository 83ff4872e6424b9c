package org.cpet.plugin.pet.prefix;

import ai.djl.ndarray.NDArray;
import java.util.function.Supplier;
import org.cpet.plugin.pet.prefix.PrefixShape.Place;
import org.cpet.spi.model.KeyValuePrefix;

/**
 * What one attention reads of a prefix.
 *
 * @param tensors as they are now: a network may have become what it makes
 */
record SitePrefix(int length, Place place, Supplier<PrefixTensors> tensors) implements KeyValuePrefix {
    @Override
    public NDArray keys() {
        return tensors.get().columns(place.keys());
    }

    @Override
    public NDArray values() {
        return tensors.get().columns(place.values());
    }
}
