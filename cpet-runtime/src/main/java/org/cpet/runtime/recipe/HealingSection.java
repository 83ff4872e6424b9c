package org.cpet.runtime.recipe;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.cpet.spi.Option;
import org.cpet.spi.Options;

/** Task-agnostic distillation: the dense weights of C's blocks are trained to compute on plain text what M computes. */
public record HealingSection(
        @Option(description = "a text file in UTF-8, a passage a line; the training rows of data without it")
        Optional<Path> text,

        @Option(
                description = "tokens that are read of the text at a time, special tokens included",
                defaultValue = "128",
                min = 8)
        int max_length,

        @Option(
                description = "distillation losses, added up; without it logits_kl and last_hidden_mse, for a"
                        + " classifier the last alone")
        Optional<List<String>> losses,

        @Option(description = "how the weights are trained") TrainingSection training) {
    /** Where a stage's files and messages name it. */
    public static final String STAGE = "healing";

    public HealingSection {
        losses = losses.map(List::copyOf);
        Options.check(losses.isEmpty() || !losses.get().isEmpty(), "losses must name at least one; found []");
    }

    /** What is compared where a recipe does not say it: a classifier's head has learnt nothing yet. */
    static List<String> defaultLosses(Optional<ModelSection> model) {
        boolean classifies = model.filter(section -> section.task() == ModelSection.Task.SEQ_CLS)
                .isPresent();
        return classifies ? List.of("last_hidden_mse") : List.of("logits_kl", "last_hidden_mse");
    }
}
