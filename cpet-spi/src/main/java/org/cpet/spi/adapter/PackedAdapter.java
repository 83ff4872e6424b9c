package org.cpet.spi.adapter;

import java.util.Map;

/** τ in a codec's compact form. Immutable. */
public interface PackedAdapter extends AdapterVector {
    /** What a file must hold to make it again, by {@link AdapterCodec#read}; equal vectors give equal bytes. */
    SavedAdapter saved();

    /** What {@code cpet adapter info} shows, in order: numbers, texts and truths by snake_case names. */
    Map<String, Object> facts();

    /**
     * Compares with another of the same codec without unpacking either.
     *
     * @return at least {@code dot}, {@code cosine} and {@code squared_distance}
     * @throws org.cpet.spi.InputException when the tensors of the two differ
     */
    Map<String, Double> compare(PackedAdapter other);
}
