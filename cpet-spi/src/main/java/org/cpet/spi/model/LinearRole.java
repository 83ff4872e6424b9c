package org.cpet.spi.model;

/** What a linear layer does in a transformer. */
public enum LinearRole {
    QUERY,
    KEY,
    VALUE,
    OUTPUT,
    FFN_GATE,
    FFN_IN,
    FFN_OUT,
    POOLER,
    CLASSIFIER,
    HEAD;

    /** Whether the layer lies in an attention or FFN block, which is what compression touches by default. */
    public boolean inBlock() {
        return compareTo(POOLER) < 0;
    }
}
