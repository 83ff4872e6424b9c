package org.cpet.plugin.quantization;

import java.util.List;
import java.util.Optional;
import org.cpet.spi.Option;
import org.cpet.spi.Options;

/** Options of {@code int8}. */
public record Int8Options(
        @Option(
                description = "input of the layers: dynamic quantises it per token, none leaves it in floating point",
                defaultValue = "dynamic")
        Int8Activations activations,

        @Option(
                description =
                        "moves outliers from activations into weights before rounding (SmoothQuant): α of max|X|^α /"
                                + " max|W|^(1−α) per input column, measured on training rows; 0.5 is usual",
                min = 0,
                max = 1)
        Optional<Double> smooth,

        @Option(
                description = "input columns with a value this large in a batch stay in floating point (LLM.int8: 6.0)",
                min = 0,
                aboveMin = true)
        Optional<Double> outliers,

        @Option(description = "rows that smooth is measured on", defaultValue = "256", min = 1)
        int calibrationRows,

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
        Options.check(
                activations == Int8Activations.DYNAMIC || (smooth.isEmpty() && outliers.isEmpty()),
                "smooth and outliers are about rounded activations, so activations must be dynamic, was none");
        smooth.ifPresent(alpha ->
                Options.check(alpha >= 0 && alpha <= 1, "smooth must be at least 0 and at most 1, was %s", alpha));
        outliers.ifPresent(limit -> Options.check(limit > 0, "outliers must be above 0, was %s", limit));
    }

    /** Without smoothing and outlier columns. */
    public static Int8Options plain(Int8Activations activations, List<String> targetModules, List<String> include) {
        return new Int8Options(activations, Optional.empty(), Optional.empty(), 256, targetModules, include);
    }
}
