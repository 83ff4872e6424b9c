package org.cpet.runtime.cli;

import org.cpet.spi.ExitCode;

/** The program. */
public final class Main {
    private static final String LOG_FILE = "logback.configurationFile";

    private Main() {}

    /** Runs a command and exits with its documented code. */
    public static void main(String[] arguments) {
        if (System.getProperty(LOG_FILE) == null) {
            System.setProperty(LOG_FILE, "org/cpet/runtime/cli/logback.xml");
        }
        System.exit(execute(arguments));
    }

    /** What commands cannot answer for: the JVM's own errors. */
    private static int execute(String[] arguments) {
        try {
            return CpetCommand.commandLine().execute(arguments);
        } catch (OutOfMemoryError e) {
            System.err.println("memory; found " + e.getMessage() + ", -Xmx "
                    + (Runtime.getRuntime().maxMemory() >> 20) + " MiB; allowed more, with CPET_JAVA_OPTS=-Xmx...");
            return ExitCode.MEMORY.number();
        } catch (Error e) {
            System.err.println(Failures.bug(e));
            return ExitCode.BUG.number();
        } finally {
            Interruption.answered();
        }
    }
}
