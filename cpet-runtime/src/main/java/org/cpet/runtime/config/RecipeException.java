package org.cpet.runtime.config;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/**
 * Everything that is wrong with a recipe: one line for each problem, in the order of their places, and their count in
 * the last line. With problems of several kinds the exit code is 2 before 4 before 3.
 */
public final class RecipeException extends CpetException {
    private static final long serialVersionUID = 1L;

    private static final List<ExitCode> PRECEDENCE = List.of(ExitCode.RECIPE, ExitCode.PLUGIN, ExitCode.INPUT);

    private final transient List<Problem> problems;

    /** @param problems at least one */
    public RecipeException(List<Problem> problems) {
        super(exitCode(problems), text(problems));
        this.problems = List.copyOf(problems);
    }

    /** The problems, sorted. */
    public List<Problem> problems() {
        return problems;
    }

    private static ExitCode exitCode(List<Problem> problems) {
        return PRECEDENCE.stream()
                .filter(code -> problems.stream().anyMatch(problem -> problem.exitCode() == code))
                .findFirst()
                .orElse(problems.get(0).exitCode());
    }

    private static String text(List<Problem> problems) {
        String count = problems.size() == 1 ? "1 problem" : problems.size() + " problems";
        return Stream.concat(problems.stream().map(Problem::toString), Stream.of(count))
                .collect(Collectors.joining("\n"));
    }
}
