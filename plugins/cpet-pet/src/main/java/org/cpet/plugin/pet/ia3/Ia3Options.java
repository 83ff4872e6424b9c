package org.cpet.plugin.pet.ia3;

import java.util.List;
import org.cpet.spi.Option;
import org.cpet.spi.Options;

/**
 * Options of {@code ia3}, named as in PEFT.
 *
 * @param targetModules layers that are scaled
 * @param feedforwardModules those of them whose input is scaled instead of their output
 */
public record Ia3Options(
        @Option(
                description =
                        "layers that get a scale: endings of names such as [key, value], or all-key, all-ffn-out, ...",
                defaultValue = "[all-key, all-value, all-ffn-out]")
        List<String> targetModules,

        @Option(
                description = "those of target_modules whose input is scaled instead of their output",
                defaultValue = "[all-ffn-out]")
        List<String> feedforwardModules) {
    public Ia3Options {
        targetModules = List.copyOf(targetModules);
        feedforwardModules = List.copyOf(feedforwardModules);
        Options.check(!targetModules.isEmpty(), "target_modules must name at least one layer, was []");
        for (String inner : feedforwardModules) {
            Options.check(
                    targetModules.contains(inner),
                    "feedforward_modules must be among target_modules; found %s; allowed %s",
                    inner,
                    String.join(", ", targetModules));
        }
    }
}
