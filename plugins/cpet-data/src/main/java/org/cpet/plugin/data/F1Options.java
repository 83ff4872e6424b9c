package org.cpet.plugin.data;

import org.cpet.spi.Option;

/** Options of {@code f1}. */
public record F1Options(
        @Option(
                description = "binary: of the last label; macro: mean over all labels; auto: binary with two labels",
                defaultValue = "auto")
        Average average) {
    /** Which classes count. */
    public enum Average {
        AUTO,
        BINARY,
        MACRO
    }
}
