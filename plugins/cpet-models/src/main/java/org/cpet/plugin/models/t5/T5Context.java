package org.cpet.plugin.models.t5;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Optional;
import org.cpet.plugin.models.KeyValues;
import org.cpet.plugin.models.Sight;

/**
 * What the blocks of one pass share.
 *
 * @param positions biases of self-attention
 * @param encoded the encoder's hidden states; absent in an encoder, and once the caches hold what they become
 * @param encoderSight what cross-attention sees of them
 * @param selfCaches one per block while generating, else none; {@code crossCaches} likewise
 */
record T5Context(
        PositionBias positions,
        Optional<NDArray> encoded,
        Sight encoderSight,
        List<KeyValues> selfCaches,
        List<KeyValues> crossCaches) {
    Optional<KeyValues> selfPast(int block) {
        return selfCaches.isEmpty() ? Optional.empty() : Optional.of(selfCaches.get(block));
    }

    Optional<KeyValues> crossPast(int block) {
        return crossCaches.isEmpty() ? Optional.empty() : Optional.of(crossCaches.get(block));
    }

    /** The same over other hidden states of the encoder. */
    T5Context withEncoded(NDArray other) {
        return new T5Context(positions, Optional.of(other), encoderSight, selfCaches, crossCaches);
    }
}
