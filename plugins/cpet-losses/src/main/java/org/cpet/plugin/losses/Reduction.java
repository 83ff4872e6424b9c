package org.cpet.plugin.losses;

/** What the sum of squared differences over counted positions is divided by. */
public enum Reduction {
    /** By the number of counted elements: positions × features. */
    MEAN,
    /** By the number of examples, as Eq. 5 of the paper reads; larger than the mean by positions × features per example. */
    SUM_PER_EXAMPLE
}
