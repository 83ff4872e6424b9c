package org.cpet.runtime.cli;

/** The program. */
public final class Main {
    private Main() {}

    /** Runs a command and exits with its documented code. */
    public static void main(String[] arguments) {
        System.exit(CpetCommand.commandLine().execute(arguments));
    }
}
