package org.cpet.plugin.quantization.nf4;

import java.util.List;
import org.cpet.spi.Option;
import org.cpet.spi.Options;

/** Options of {@code nf4}. */
public record Nf4Options(
        @Option(
                description = "whether the largest magnitudes of the blocks are held in 8 bits themselves",
                defaultValue = "true")
        boolean doubleQuant,

        @Option(
                description = "layers of the attention and FFN blocks, by name endings, or all-linear",
                defaultValue = "[all-linear]")
        List<String> targetModules,

        @Option(
                description = "layers to add from anywhere (pooler, classifier, output head), by name endings",
                defaultValue = "[]")
        List<String> include) {
    public Nf4Options {
        targetModules = List.copyOf(targetModules);
        include = List.copyOf(include);
        Options.check(!targetModules.isEmpty() || !include.isEmpty(), "target_modules must name a layer, was []");
    }
}
