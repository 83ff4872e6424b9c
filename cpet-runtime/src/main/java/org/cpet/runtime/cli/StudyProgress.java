package org.cpet.runtime.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.cpet.runtime.study.Cell;
import org.cpet.runtime.study.CellState;
import org.cpet.runtime.study.StudyListener;

/** Says on standard error which cell a study is at; what happens inside it, {@link ProgressListener} shows. */
final class StudyProgress implements StudyListener {
    private final PrintStream err;

    StudyProgress(PrintStream err) {
        this.err = err;
    }

    @Override
    public void started(int number, int count, Cell cell, List<String> sharedStages) {
        String shared = sharedStages.isEmpty() ? "" : "; taken from other cells: " + String.join(", ", sharedStages);
        err.println(head(number, count, cell) + ": running" + shared);
    }

    @Override
    public void ended(int number, int count, Cell cell, CellState state, String message) {
        String why = message.isEmpty() ? "" : ": " + message;
        err.println(head(number, count, cell) + ": " + state.name().toLowerCase(Locale.ROOT) + why);
    }

    @Override
    public void notice(String message) {
        err.println("note: " + message);
    }

    private static String head(int number, int count, Cell cell) {
        return "cell " + number + "/" + count + " " + cell.title();
    }
}
