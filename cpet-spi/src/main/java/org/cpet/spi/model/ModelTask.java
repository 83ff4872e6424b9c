package org.cpet.spi.model;

/** What a model is used for; {@link #ENCODER} is a directory opened without a head. */
public enum ModelTask {
    SEQ_CLS,
    CAUSAL_LM,
    SEQ2SEQ_LM,
    ENCODER
}
