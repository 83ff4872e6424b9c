package org.cpet.runtime.cli;

/** The program. */
public final class Main {
    private static final String LOG_FILE = "logback.configurationFile";

    private Main() {}

    /** Runs a command and exits with its documented code. */
    public static void main(String[] arguments) {
        if (System.getProperty(LOG_FILE) == null) {
            System.setProperty(LOG_FILE, "org/cpet/runtime/cli/logback.xml");
        }
        System.exit(CpetCommand.commandLine().execute(arguments));
    }
}
