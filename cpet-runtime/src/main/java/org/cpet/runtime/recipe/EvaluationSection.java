package org.cpet.runtime.recipe;

import java.util.List;
import org.cpet.spi.Option;
import org.cpet.spi.Options;

/** What is measured, on which rows of the table. */
public record EvaluationSection(
        @Option(description = "metrics; the first chooses the best epoch", defaultValue = "[accuracy]")
        List<String> metrics,

        @Option(
                description = "rows of the table",
                defaultValue = "[teacher, compressed, compressed_pet, inherited, cpet]")
        List<Paradigm> compare,

        @Option(description = "rows in an evaluation batch", defaultValue = "64", min = 1)
        int batch_size) {
    public EvaluationSection {
        metrics = List.copyOf(metrics);
        compare = List.copyOf(compare);
        Options.check(!metrics.isEmpty(), "metrics must name at least one; found []");
        Options.check(!compare.isEmpty(), "compare must name at least one row; found []");
    }
}
