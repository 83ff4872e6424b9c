package org.cpet.plugin.pruning;

import java.util.List;
import java.util.Optional;
import org.cpet.spi.Option;
import org.cpet.spi.Options;

/** Options of {@code unstructured_pruning}; exactly one of {@code sparsity} and {@code pattern}. */
public record UnstructuredPruningOptions(
        @Option(description = "share of the weights set to zero; or give a pattern", min = 0, max = 1, belowMax = true)
        Optional<Double> sparsity,

        @Option(description = "where the smallest weights are looked for: in each matrix", defaultValue = "matrix")
        PruningScope scope,

        @Option(description = "n:m, such as 2:4: n of every m weights along a row stay; or give a sparsity")
        Optional<String> pattern,

        @Option(
                description = "layers of the attention and FFN blocks, by name endings, or all-linear",
                defaultValue = "[all-linear]")
        List<String> targetModules,

        @Option(
                description = "layers to add from anywhere (pooler, classifier, output head), by name endings",
                defaultValue = "[]")
        List<String> include) {
    public UnstructuredPruningOptions {
        targetModules = List.copyOf(targetModules);
        include = List.copyOf(include);
        Options.check(
                sparsity.isPresent() != pattern.isPresent(),
                "exactly one of sparsity and pattern must be given, was %s",
                sparsity.isPresent() ? "both" : "neither");
        sparsity.ifPresent(share ->
                Options.check(share >= 0 && share < 1, "sparsity must be at least 0 and below 1, was %s", share));
        pattern.ifPresent(GroupPattern::parse);
    }
}
