package org.cpet.spi.model;

import ai.djl.ndarray.NDArray;

/**
 * Keys and values of virtual tokens, which every query of an attention sees (prefix tuning). They count as positions
 * before the tokens: those start at {@link #length()}. Keys are used as they are, without rotary positions.
 */
public interface KeyValuePrefix extends VirtualTokens {
    /** [virtual tokens, groups · head dim], made anew in each pass so that gradients reach what they are made of. */
    NDArray keys();

    /** The same for values. */
    NDArray values();
}
