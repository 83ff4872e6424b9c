package org.cpet.spi.model;

/** What an attention looks at. */
public enum AttentionKind {
    /** Both sides of its own tokens. */
    ENCODER,
    /** Its own tokens so far. */
    DECODER,
    /** The encoder's tokens, from the decoder. */
    CROSS
}
