package org.cpet.plugin.pruning;

/** What makes a single weight important. */
public enum WeightCriterion {
    /** |w|. */
    MAGNITUDE,
    /** |w| times the norm of the input that it multiplies, measured on calibration rows. */
    WANDA
}
