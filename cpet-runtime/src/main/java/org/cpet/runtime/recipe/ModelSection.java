package org.cpet.runtime.recipe;

import java.nio.file.Path;
import org.cpet.spi.Option;

/** Which model, for which task, and where it runs. */
public record ModelSection(
        @Option(description = "model directory: config.json, *.safetensors, tokenizer.json")
        Path path,

        @Option(description = "what the model is used for") Task task,

        @Option(description = "type of the frozen weights", defaultValue = "float32")
        Dtype dtype,

        @Option(description = "auto, cpu, cuda or cuda:N", defaultValue = "auto")
        String device,

        @Option(
                description = "start from the directory's weights, or at random from the seed",
                defaultValue = "weights")
        Init init) {
    /** Tasks a recipe can name. */
    public enum Task {
        SEQ_CLS,
        CAUSAL_LM,
        SEQ2SEQ_LM
    }

    /** Types of frozen weights. */
    public enum Dtype {
        FLOAT32,
        BFLOAT16,
        FLOAT16,
        AUTO
    }

    /** Where weights come from. */
    public enum Init {
        WEIGHTS,
        RANDOM
    }
}
