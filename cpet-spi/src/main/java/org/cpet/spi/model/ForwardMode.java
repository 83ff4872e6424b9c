package org.cpet.spi.model;

/**
 * How a forward pass runs.
 *
 * @param training whether dropout is active
 * @param hiddenStates whether all hidden states are returned, not just the last
 * @param deployed whether compressed layers use the machine's fast kernels instead of the exact path
 * @param lean whether memory goes before time: compressed layers keep no second form of their weights, and a training
 *     pass keeps only the inputs of each block and runs it again on the way back
 */
public record ForwardMode(boolean training, boolean hiddenStates, boolean deployed, boolean lean) {
    /** Dropout on, exact arithmetic. */
    public static final ForwardMode TRAINING = new ForwardMode(true, false, false, false);

    /** Dropout off, exact arithmetic. */
    public static final ForwardMode EXACT = new ForwardMode(false, false, false, false);

    /** Dropout off, fast kernels: what latency and the table's accuracy are measured on. */
    public static final ForwardMode DEPLOYED = new ForwardMode(false, false, true, false);

    /** The same with all hidden states. */
    public ForwardMode withHiddenStates() {
        return new ForwardMode(training, true, deployed, lean);
    }

    /** The same with little memory. */
    public ForwardMode leanly() {
        return new ForwardMode(training, hiddenStates, deployed, true);
    }
}
