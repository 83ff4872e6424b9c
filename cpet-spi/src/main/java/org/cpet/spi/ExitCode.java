package org.cpet.spi;

/** Why a run ended; the number is what the command line returns. */
public enum ExitCode {
    OK(0),
    RECIPE(2),
    INPUT(3),
    PLUGIN(4),
    RUN_DIRECTORY(5),
    DISK(6),
    DIVERGED(7),
    MEMORY(8),
    GATE(9),
    BUG(70),
    INTERRUPTED(143);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** The process exit code. */
    public int number() {
        return number;
    }
}
