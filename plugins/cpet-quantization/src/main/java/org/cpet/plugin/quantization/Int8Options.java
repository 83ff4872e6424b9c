package org.cpet.plugin.quantization;

import java.util.List;
import org.cpet.spi.Option;

/** Options of {@code int8}. */
public record Int8Options(
        @Option(
                description = "input of the layers: dynamic quantises it per token, none leaves it in floating point",
                defaultValue = "dynamic")
        Int8Activations activations,

        @Option(
                description = "layers of the attention and FFN blocks, by name endings, or all-linear",
                defaultValue = "[all-linear]")
        List<String> targetModules,

        @Option(
                description = "layers to add from anywhere (pooler, classifier, output head), by name endings",
                defaultValue = "[]")
        List<String> include) {
    public Int8Options {
        targetModules = List.copyOf(targetModules);
        include = List.copyOf(include);
    }
}
