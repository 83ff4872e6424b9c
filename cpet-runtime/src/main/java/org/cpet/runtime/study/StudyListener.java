package org.cpet.runtime.study;

import java.util.List;

/** Hears what a study does, on its thread. */
public interface StudyListener {
    /** A cell is about to be run. */
    default void started(int number, int count, Cell cell, List<String> sharedStages) {}

    /** A cell is over; {@code message} says why, where that needs saying. */
    default void ended(int number, int count, Cell cell, CellState state, String message) {}

    /** Something that must not pass in silence. */
    default void notice(String message) {}
}
