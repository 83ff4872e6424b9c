package org.cpet.plugin.quantization.loftq;

/** How the weights are packed that the factors make up for. */
public enum LoftqBase {
    /** As {@code nf4} with double quantisation. */
    NF4,
    /** As {@code rtn} by smallest and largest weight. */
    RTN
}
