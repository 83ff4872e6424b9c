package org.cpet.runtime.recipe;

import org.cpet.spi.Option;

/** What a finished run writes beside its report. */
public record ExportSection(
        @Option(description = "format of RUN/adapter", defaultValue = "peft")
        AdapterFormat adapter,

        @Option(description = "format of RUN/model, the final base model", defaultValue = "none")
        ModelFormat model) {
    /** Formats of adapters. */
    public enum AdapterFormat {
        PEFT,
        NONE
    }

    /** Formats of whole models. */
    public enum ModelFormat {
        NONE,
        SAFETENSORS
    }
}
