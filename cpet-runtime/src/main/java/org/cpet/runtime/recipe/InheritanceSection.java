package org.cpet.runtime.recipe;

import org.cpet.spi.Option;

/** How the taught PET is carried over to the compressed model (paper, section 3.3). */
public record InheritanceSection(
        @Option(
                description =
                        "what to do where shapes differ: cut by kept indices, stop, or project: cut, and where that is impossible fit to what the teacher's module gives out",
                defaultValue = "slice")
        OnShapeMismatch on_shape_mismatch,

        @Option(
                description = "smallest share of the PET's tensors that must be taken over",
                defaultValue = "1.0",
                min = 0,
                max = 1)
        double min_coverage) {
    /** Answers to a shape that differs. */
    public enum OnShapeMismatch {
        SLICE,
        ERROR,
        PROJECT
    }
}
