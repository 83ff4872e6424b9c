package org.cpet.plugin.example;

import java.util.List;
import org.cpet.spi.Option;
import org.cpet.spi.Options;

/**
 * Options of {@code rounding}. Each component is a key of the recipe, written in snake_case: {@code step}, {@code
 * target_modules}, {@code include}. From the annotations come the defaults, the error messages, {@code cpet list} and the
 * JSON schema, so there is nothing else to keep in step.
 */
public record RoundingOptions(
        // min and aboveMin: the number must be above 0. The message for a recipe that breaks this is made for you.
        @Option(
                description = "distance of two neighbouring values a weight may have",
                defaultValue = "0.015625",
                min = 0,
                aboveMin = true)
        double step,

        // Every compressor that works on linear layers should offer these two keys; CompressionTargets understands
        // them.
        @Option(
                description = "layers of the attention and FFN blocks, by name endings, or all-linear",
                defaultValue = "[all-linear]")
        List<String> targetModules,

        @Option(description = "layers to add from anywhere, by name endings", defaultValue = "[]")
        List<String> include) {
    public RoundingOptions {
        // Lists are copied, so that options never change after they are made.
        targetModules = List.copyOf(targetModules);
        include = List.copyOf(include);
        // Programs can make options without a recipe: what must hold is checked here as well.
        Options.check(step > 0, "step must be above 0, was %s", step);
    }
}
