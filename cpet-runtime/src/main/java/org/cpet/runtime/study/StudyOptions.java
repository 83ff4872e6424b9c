package org.cpet.runtime.study;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.cpet.runtime.config.ConfigNode;
import org.cpet.runtime.recipe.Paradigm;
import org.cpet.spi.Option;
import org.cpet.spi.Options;

/** The keys of a study file that have a fixed form; {@code recipe}, {@code set}, {@code grid} and the like stand beside. */
public record StudyOptions(
        @Option(description = "name of the study and of its directory")
        String name,

        @Option(description = "a study of the paper; 'grid' for values of keys", defaultValue = "grid")
        StudyKind study,

        @Option(description = "one run of every cell for each; the recipe's own without it")
        Optional<List<Long>> seeds,

        @Option(description = "rows of the runs' tables that a grid shows; all without it")
        Optional<List<Paradigm>> rows,

        @Option(description = "which cell is the best") Optional<SelectOptions> select,

        @Option(description = "when to stop; the same command continues")
        Optional<BudgetOptions> budget,

        @Option(description = "for paradigms: a smaller model that is tuned alone")
        Optional<Path> small_model,

        @Option(description = "for parameter_control: how large the controls are", defaultValue = "both")
        Controls controls,

        @Option(
                description = "for parameter_control: a PET method with r and a non-linearity",
                defaultValue = "bottleneck")
        String nonlinear_pet) {
    public StudyOptions {
        Options.check(
                name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}"),
                "name is not fit for a directory; found %s; allowed letters, digits, '.', '_' and '-', at most 100",
                name);
        Options.check(seeds.map(list -> !list.isEmpty()).orElse(true), "seeds must name at least one; found []");
        Options.check(
                seeds.map(list -> list.stream().allMatch(seed -> seed >= 0)).orElse(true),
                "seeds must be at least 0; found %s",
                seeds.orElse(List.of()));
        Options.check(
                seeds.map(list -> list.stream().distinct().count() == list.size())
                        .orElse(true),
                "seeds must differ; found %s",
                seeds.orElse(List.of()));
        Options.check(rows.map(list -> !list.isEmpty()).orElse(true), "rows must name at least one; found []");
    }

    /** Options in place of those that could not be bound, so that what else is wrong can be found. */
    static StudyOptions standIn(Optional<ConfigNode> study) {
        StudyKind kind = Arrays.stream(StudyKind.values())
                .filter(each -> study.map(ConfigNode::raw)
                        .filter(each.name().toLowerCase(Locale.ROOT)::equals)
                        .isPresent())
                .findFirst()
                .orElse(StudyKind.GRID);
        return new StudyOptions(
                "study",
                kind,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Controls.BOTH,
                "bottleneck");
    }

    /** How large the modules of parameter controls are. */
    public enum Controls {
        /** As the paper describes them. */
        AS_DESCRIBED,
        /** With as many trainable parameters as CPET. */
        PARAM_MATCHED,
        /** One of each. */
        BOTH
    }

    /** The cell with the best mean over the seeds. */
    public record SelectOptions(
            @Option(description = "measured on the validation rows: a metric of the recipe, or loss")
            String metric,

            @Option(description = "row of the runs' tables", defaultValue = "cpet")
            Paradigm row) {
        /** Whether a smaller value is better. */
        boolean minimizes() {
            return metric.equals("loss");
        }
    }

    /** What may be spent; what is left undone is said. */
    public record BudgetOptions(
            @Option(description = "minutes from the start of this command", min = 0, aboveMin = true)
            Optional<Double> minutes,

            @Option(description = "cells of the study, the first ones in order", min = 1)
            Optional<Integer> cells) {
        public BudgetOptions {
            Options.check(minutes.isPresent() || cells.isPresent(), "budget needs 'minutes' or 'cells'");
        }
    }
}
