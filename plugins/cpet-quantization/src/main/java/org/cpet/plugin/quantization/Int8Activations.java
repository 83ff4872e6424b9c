package org.cpet.plugin.quantization;

/** What happens to the input of a layer whose weight is int8. */
public enum Int8Activations {
    /** Quantised per token as it comes: scale = max|x| / 127 of each token. */
    DYNAMIC,
    /** Left in floating point. */
    NONE
}
