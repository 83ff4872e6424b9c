package org.cpet.plugin.pruning;

/** What makes a head or a neuron important. */
public enum Criterion {
    /** Mean squared activation on calibration rows × squared norm of the weights that read it. */
    ACTIVATION,
    /** Squared norm of the weights that read it. */
    MAGNITUDE,
    /** How much the task's loss changes without it, to first order. */
    TAYLOR,
    /** A gate learned on calibration rows, with a price on every open one. */
    L0
}
