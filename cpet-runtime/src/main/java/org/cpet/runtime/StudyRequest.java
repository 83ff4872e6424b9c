package org.cpet.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cpet.runtime.study.StudyListener;

/**
 * Which study to run, where to, and how to stop it. Immutable.
 *
 * @param settings assignments {@code a.b=c} to the recipe of all cells
 * @param output the study's directory; {@code studies/NAME} below the working directory when empty
 */
public record StudyRequest(
        Path file, List<String> settings, Optional<Path> output, StudyListener listener, Cancellation cancellation) {
    public StudyRequest {
        settings = List.copyOf(settings);
    }

    /** Runs a study in its default directory. */
    public static StudyRequest of(Path file) {
        return new StudyRequest(file, List.of(), Optional.empty(), new StudyListener() {}, new Cancellation());
    }

    /** The same with a key of the recipe changed in all cells, as the command line writes it. */
    public StudyRequest with(String assignment) {
        List<String> more = new ArrayList<>(settings);
        more.add(assignment);
        return new StudyRequest(file, more, output, listener, cancellation);
    }

    /** The same with another directory. */
    public StudyRequest to(Path directory) {
        return new StudyRequest(file, settings, Optional.of(directory), listener, cancellation);
    }

    /** The same, heard by {@code observer}. */
    public StudyRequest heardBy(StudyListener observer) {
        return new StudyRequest(file, settings, output, observer, cancellation);
    }

    /** The same, stoppable by {@code token}. */
    public StudyRequest stoppedBy(Cancellation token) {
        return new StudyRequest(file, settings, output, listener, token);
    }
}
