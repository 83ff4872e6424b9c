package org.cpet.spi.model;

import java.util.Optional;

/**
 * Neighbouring rows of a batch and what they see before their tokens.
 *
 * @param rows how many
 */
public record RowShare<T extends VirtualTokens>(int rows, Optional<T> tokens) {
    /** Virtual tokens of each of the rows. */
    public int length() {
        return tokens.map(VirtualTokens::length).orElse(0);
    }
}
