package org.cpet.runtime.cli;

import java.io.PrintWriter;
import java.util.List;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.Nearest;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns failures into lines on standard error and exit codes. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    @Override
    public int handleExecutionException(Exception failure, CommandLine commandLine, ParseResult parsed) {
        PrintWriter err = commandLine.getErr();
        if (commandLine.getCommandSpec().root().userObject() instanceof CpetCommand root && root.stackTrace()) {
            failure.printStackTrace(err);
        }
        if (failure instanceof CpetException known) {
            err.println(known.getMessage());
            return known.exitCode().number();
        }
        err.println(bug(failure));
        return ExitCode.BUG.number();
    }

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine commandLine = failure.getCommandLine();
        commandLine.getErr().println("cpet: " + failure.getMessage() + suggestion(failure));
        commandLine.getErr().println("cpet: see 'cpet " + helpName(commandLine) + "--help'");
        return ExitCode.RECIPE.number();
    }

    private static String suggestion(ParameterException failure) {
        if (failure instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            List<String> known =
                    List.copyOf(failure.getCommandLine().getSubcommands().keySet());
            return Nearest.hint(unmatched.getUnmatched().get(0), known);
        }
        return "";
    }

    private static String helpName(CommandLine commandLine) {
        return commandLine.getParent() == null ? "" : commandLine.getCommandName() + " ";
    }

    /** One line, whatever the failure's text. */
    static String bug(Throwable failure) {
        String first = failure.toString().lines().findFirst().orElse("");
        return "this is a bug in " + place(failure) + ": " + first + "; --stacktrace shows where";
    }

    private static String place(Throwable failure) {
        for (StackTraceElement element : failure.getStackTrace()) {
            if (element.getClassName().startsWith("org.cpet.")
                    && !element.getClassName().startsWith("org.cpet.runtime.engine.")) {
                return element.getFileName() + ":" + element.getLineNumber();
            }
        }
        return "an unknown place";
    }
}
