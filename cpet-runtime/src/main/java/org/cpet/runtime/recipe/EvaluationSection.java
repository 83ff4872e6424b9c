package org.cpet.runtime.recipe;

import java.util.List;
import org.cpet.spi.Option;

/** What is measured, on which rows of the table. */
public record EvaluationSection(
        @Option(description = "metrics; the first chooses the best epoch", defaultValue = "[accuracy]")
        List<String> metrics,

        @Option(
                description = "rows of the table",
                defaultValue = "[teacher, compressed, compressed_pet, inherited, cpet]")
        List<Paradigm> compare,

        @Option(description = "rows in an evaluation batch", defaultValue = "64", min = 1)
        int batch_size) {}
