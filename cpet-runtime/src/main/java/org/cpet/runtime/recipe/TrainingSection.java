package org.cpet.runtime.recipe;

import java.util.Optional;
import org.cpet.spi.Option;
import org.cpet.spi.Options;

/** How a stage is trained. Exactly one of {@code epochs} and {@code max_steps}. */
public record TrainingSection(
        @Option(description = "peak learning rate", min = 0, aboveMin = true)
        double learning_rate,

        @Option(description = "passes over the training rows", min = 1)
        Optional<Integer> epochs,

        @Option(description = "optimizer steps", min = 1) Optional<Integer> max_steps,

        @Option(description = "rows in a micro-batch", min = 1)
        int batch_size,

        @Option(
                description = "micro-batches in an optimizer step, weighted by counted tokens",
                defaultValue = "1",
                min = 1)
        int gradient_accumulation_steps,

        @Option(description = "how the rate falls after warm-up", defaultValue = "linear")
        Scheduler lr_scheduler,

        @Option(description = "share of the steps in which the rate rises", defaultValue = "0.06", min = 0, max = 1)
        double warmup_ratio,

        @Option(description = "decoupled weight decay on all trainable tensors", defaultValue = "0.01", min = 0)
        double weight_decay,

        @Option(description = "largest joint L2 norm of the gradients", defaultValue = "1.0", min = 0, aboveMin = true)
        double max_grad_norm,

        @Option(description = "optimizer steps between logged losses", defaultValue = "10", min = 1)
        int logging_steps,

        @Option(
                description = "optimizer steps between checkpoints; also at every epoch's end",
                defaultValue = "500",
                min = 1)
        int save_steps,

        @Option(
                description = "fast keeps what the backward pass needs; low keeps each block's input and runs it again;"
                        + " auto is low where the plan says that fast does not fit into the machine's memory",
                defaultValue = "auto")
        Memory memory) {
    public TrainingSection {
        Options.check(
                epochs.isPresent() != max_steps.isPresent(), "training needs exactly one of 'epochs' and 'max_steps'");
    }

    /** The same for a number of optimizer steps. */
    public TrainingSection forSteps(int steps) {
        return new TrainingSection(
                learning_rate,
                Optional.empty(),
                Optional.of(steps),
                batch_size,
                gradient_accumulation_steps,
                lr_scheduler,
                warmup_ratio,
                weight_decay,
                max_grad_norm,
                logging_steps,
                save_steps,
                memory);
    }

    /** What a step spends more of. */
    public enum Memory {
        /** Memory: a step computes everything once. */
        FAST,
        /** Time: blocks run a second time on the way back, and compressed weights are multiplied out for each product. */
        LOW,
        /** {@link #LOW} where the planned peak of {@link #FAST} is more than what is available, else {@link #FAST}. */
        AUTO
    }

    /** The same with what {@link Memory#AUTO} was found to be. */
    public TrainingSection with(Memory decided) {
        return new TrainingSection(
                learning_rate,
                epochs,
                max_steps,
                batch_size,
                gradient_accumulation_steps,
                lr_scheduler,
                warmup_ratio,
                weight_decay,
                max_grad_norm,
                logging_steps,
                save_steps,
                decided);
    }

    /** Schedules after warm-up. */
    public enum Scheduler {
        LINEAR,
        COSINE,
        CONSTANT
    }
}
