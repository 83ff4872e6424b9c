package org.cpet.runtime.study;

import java.util.Locale;

/** What became of a cell. */
public enum CellState {
    /** Run to its end by this command. */
    DONE,
    /** Finished before, taken as it is. */
    REUSED,
    /** Its training diverged; the message says where. */
    FAILED,
    /** Not begun, or begun and not finished, when the budget was spent. */
    LEFT;

    /** As files write it: a study that was continued says the same as one that was not. */
    String key() {
        return (this == REUSED ? DONE : this).name().toLowerCase(Locale.ROOT);
    }

    boolean finished() {
        return this == DONE || this == REUSED;
    }
}
