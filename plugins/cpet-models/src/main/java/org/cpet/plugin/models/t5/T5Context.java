package org.cpet.plugin.models.t5;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Optional;
import org.cpet.plugin.models.KeyValues;
import org.cpet.plugin.models.PrefixColumns;
import org.cpet.plugin.models.Sight;

/**
 * What the blocks of one pass share.
 *
 * @param positions biases of self-attention
 * @param prefix virtual keys and values of self-attention
 * @param encoder what cross-attention looks at; absent in an encoder
 * @param selfCaches one per block while generating, else none
 */
record T5Context(PositionBias positions, PrefixColumns prefix, Optional<Encoder> encoder, List<KeyValues> selfCaches) {
    /**
     * The encoder as the decoder sees it.
     *
     * @param states hidden states; absent once the caches hold what they become
     * @param sight what is seen of them and of the prefix
     * @param prefix virtual keys and values of cross-attention
     * @param caches one per block while generating, else none
     */
    record Encoder(Optional<NDArray> states, Sight sight, PrefixColumns prefix, List<KeyValues> caches) {
        Optional<KeyValues> past(int block) {
            return caches.isEmpty() ? Optional.empty() : Optional.of(caches.get(block));
        }
    }

    Optional<KeyValues> selfPast(int block) {
        return selfCaches.isEmpty() ? Optional.empty() : Optional.of(selfCaches.get(block));
    }

    /** The encoder's hidden states, where a block reads them. */
    Optional<NDArray> encoded() {
        return encoder.flatMap(Encoder::states);
    }

    /** The same over other hidden states of the encoder. */
    T5Context withEncoded(NDArray other) {
        return new T5Context(
                positions,
                prefix,
                encoder.map(seen -> new Encoder(Optional.of(other), seen.sight(), seen.prefix(), seen.caches())),
                selfCaches);
    }
}
