package org.cpet.runtime.config;

import java.util.ArrayList;
import java.util.List;
import org.cpet.spi.ExitCode;

/** Collects problems, so that all of a recipe's are reported at once. */
public final class Problems {
    private final List<Problem> found = new ArrayList<>();

    /** A problem of the recipe itself: exit code 2. */
    public void add(Place place, Message message) {
        add(place, ExitCode.RECIPE, message);
    }

    /** A problem of another kind: a file that is missing, a plugin that cannot be used. */
    public void add(Place place, ExitCode exitCode, Message message) {
        add(new Problem(place, exitCode, message.text()));
    }

    /** Adds one, unless the same was said of the same place. */
    public void add(Problem problem) {
        if (!found.contains(problem)) {
            found.add(problem);
        }
    }

    /** All, in the order of their places. */
    public List<Problem> sorted() {
        return found.stream().sorted().toList();
    }

    /** Whether nothing is wrong. */
    public boolean isEmpty() {
        return found.isEmpty();
    }

    /** How many there are. */
    public int count() {
        return found.size();
    }

    /**
     * Ends here when anything is wrong.
     *
     * @throws RecipeException with every problem, when there is one
     */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new RecipeException(sorted());
        }
    }
}
