package org.cpet.plugin.pruning;

import java.util.List;
import java.util.Optional;
import org.cpet.spi.Option;
import org.cpet.spi.Options;

/** Options of {@code unstructured_pruning}; exactly one of {@code sparsity} and {@code pattern}. */
public record UnstructuredPruningOptions(
        @Option(description = "share of the weights set to zero; or give a pattern", min = 0, max = 1, belowMax = true)
        Optional<Double> sparsity,

        @Option(
                description =
                        "where the smallest weights are looked for: in the whole model, each layer, matrix or row;"
                                + " matrix unless given, with wanda row")
        Optional<PruningScope> scope,

        @Option(
                description = "n:m: n of every m weights along a row stay; 1d is 2:4 and 2d is 2:4 along rows and"
                        + " columns; or give a sparsity")
        Optional<String> pattern,

        @Option(
                description = "what makes a weight important: its magnitude, or wanda, that times its input's norm",
                defaultValue = "magnitude")
        WeightCriterion criterion,

        @Option(description = "rows that wanda measures inputs on", defaultValue = "128", min = 1)
        int calibrationRows,

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
        Options.check(
                pattern.isEmpty() || scope.isEmpty(),
                "scope goes with sparsity and must be left out beside pattern, was %s",
                scope.map(PruningScope::toString).orElse(""));
        Options.check(calibrationRows >= 1, "calibration_rows must be at least 1, was %s", calibrationRows);
        pattern.ifPresent(GroupPattern::parse);
    }

    /** Where the smallest weights are looked for. */
    PruningScope place() {
        return scope.orElse(criterion == WeightCriterion.WANDA ? PruningScope.ROW : PruningScope.MATRIX);
    }
}
