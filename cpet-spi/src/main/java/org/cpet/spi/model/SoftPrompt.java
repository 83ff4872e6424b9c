package org.cpet.spi.model;

import ai.djl.ndarray.NDArray;

/**
 * Embeddings of virtual tokens, which stand before those of a row's tokens and are seen by all (prompt tuning). Logits and
 * hidden states of a pass leave their positions out.
 */
public interface SoftPrompt extends VirtualTokens {
    /** [virtual tokens, hidden], in the place of rows of the embedding table. */
    NDArray embeddings();
}
