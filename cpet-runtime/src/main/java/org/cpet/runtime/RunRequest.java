package org.cpet.runtime;

import java.nio.file.Path;
import java.util.Optional;
import org.cpet.runtime.checkpoint.RunDirectory;

/**
 * What to run, where to, and how to stop it. Immutable.
 *
 * @param output the run's directory; {@code runs/NAME} below the working directory when empty
 * @param existing what to do with a run that lies there already
 */
public record RunRequest(Recipe recipe, Optional<Path> output, Existing existing, Cancellation cancellation) {
    /** Answers to a run that lies in the output directory already. */
    public enum Existing {
        /** Continue it if it is unfinished and of the same recipe; else refuse. */
        CONTINUE(RunDirectory.Mode.CONTINUE),
        /** Continue it; refuse if there is nothing to continue. */
        RESUME(RunDirectory.Mode.RESUME),
        /** Delete it and start again. */
        OVERWRITE(RunDirectory.Mode.OVERWRITE);

        private final RunDirectory.Mode mode;

        Existing(RunDirectory.Mode mode) {
            this.mode = mode;
        }

        RunDirectory.Mode mode() {
            return mode;
        }
    }

    /** Runs a recipe in its default directory. */
    public static RunRequest of(Recipe recipe) {
        return new RunRequest(recipe, Optional.empty(), Existing.CONTINUE, new Cancellation());
    }

    /** The same with another directory. */
    public RunRequest to(Path directory) {
        return new RunRequest(recipe, Optional.of(directory), existing, cancellation);
    }

    /** The same with another answer to what lies there. */
    public RunRequest existing(Existing answer) {
        return new RunRequest(recipe, output, answer, cancellation);
    }

    /** The same, stoppable by {@code token}. */
    public RunRequest stoppedBy(Cancellation token) {
        return new RunRequest(recipe, output, existing, token);
    }
}
