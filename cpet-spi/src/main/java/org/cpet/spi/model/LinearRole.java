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

    /** Whether the layer reads hidden states, so that its columns are hidden channels. */
    public boolean readsHidden() {
        return this != OUTPUT && this != FFN_OUT;
    }

    /** Whether the layer's rows are hidden channels; those of a classifier are where another classifier layer reads them. */
    public boolean writesHidden() {
        return this == OUTPUT || this == FFN_OUT || this == POOLER;
    }

    /** Whether the layer lies in an attention or FFN block, which is what compression touches by default. */
    public boolean inBlock() {
        return compareTo(POOLER) < 0;
    }
}
