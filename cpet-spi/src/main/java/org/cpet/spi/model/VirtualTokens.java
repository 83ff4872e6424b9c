package org.cpet.spi.model;

/** Trained vectors that stand before the tokens of a row as if they were tokens. */
public interface VirtualTokens {
    /** How many there are; at least 1. */
    int length();
}
