package org.cpet.spi.model;

import ai.djl.ndarray.NDArray;

/** A model that continues text, with a key/value cache. */
public interface GenerativeModel extends TransformerModel {
    /** Reads a batch of prompts, padded on the left for causal models, and stands before the first new token. */
    Decoding decode(TokenBatch prompts, ForwardMode mode);

    /** The state of a generation. */
    interface Decoding extends AutoCloseable {
        /** Logits of the next token, [batch, vocabulary]. */
        NDArray logits();

        /** Appends one token to each row, int64 [batch], and advances. */
        void append(NDArray tokens);

        @Override
        void close();
    }
}
