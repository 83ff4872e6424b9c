package org.cpet.runtime.cli;

import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cpet.runtime.script.TensorFiles;
import org.cpet.runtime.script.Trace;
import org.cpet.runtime.script.TraceRequest;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cpet trace}. */
@Command(
        name = "trace",
        mixinStandardHelpOptions = true,
        description = {
            "Writes the loss, its gradients and some AdamW steps.",
            "The gradient of every trainable tensor and what N full-batch AdamW steps make of them, to be checked against",
            "another framework."
        })
final class TraceCommand implements Callable<Integer> {
    @Option(names = "--model", required = true, description = "model directory")
    private Path model;

    @Option(names = "--adapter", required = true, description = "PEFT adapter directory: where training starts")
    private Path adapter;

    @Option(names = "--inputs", required = true, description = "tokens with labels")
    private Path inputs;

    @Option(names = "--outputs", required = true, description = "file to write")
    private Path outputs;

    @Option(names = "--steps", defaultValue = "0", description = "AdamW steps (default: ${DEFAULT-VALUE})")
    private int steps;

    @Option(names = "--learning-rate", defaultValue = "1e-3", description = "default: ${DEFAULT-VALUE}")
    private double learningRate;

    @Option(names = "--weight-decay", defaultValue = "1e-2", description = "default: ${DEFAULT-VALUE}")
    private double weightDecay;

    @Option(names = "--compression", description = "recipe with a compression section, for the student")
    private @Nullable Path compression;

    @Option(names = "--recovery", description = "recovery tensors, for the student")
    private @Nullable Path recovery;

    @Option(names = "--recovery-alpha", defaultValue = "16", description = "default: ${DEFAULT-VALUE}")
    private double recoveryAlpha;

    @Option(
            names = "--alpha",
            defaultValue = "0.05",
            description = "weight of distillation (default: ${DEFAULT-VALUE})")
    private double alpha;

    @Option(names = "--json", description = "print the loss")
    private boolean json;

    @Mixin
    private Kernels kernels;

    @Mixin
    private Plugins plugins;

    private static void require(String option, Number found, boolean holds, String allowed) {
        if (!holds) {
            throw new CpetException(ExitCode.RECIPE, option + "; found " + found + "; allowed " + allowed);
        }
    }

    @Override
    public Integer call() {
        require("--steps", steps, steps >= 0, "a whole number of at least 0");
        require("--learning-rate", learningRate, learningRate > 0 && learningRate < 1e6, "a number above 0");
        require("--weight-decay", weightDecay, weightDecay >= 0 && weightDecay < 1e6, "a number of at least 0");
        require("--recovery-alpha", recoveryAlpha, recoveryAlpha > 0 && recoveryAlpha < 1e6, "a number above 0");
        require("--alpha", alpha, alpha >= 0 && alpha < 1e6, "a number of at least 0");
        TraceRequest request = new TraceRequest(
                model,
                adapter,
                inputs,
                steps,
                learningRate,
                weightDecay,
                Optional.ofNullable(compression),
                Optional.ofNullable(recovery),
                recoveryAlpha,
                alpha);
        try (Desk desk = Desk.openPlain(plugins, kernels, 0)) {
            Map<String, NDArray> results = new Trace(desk.engine(), desk.catalog(), desk.context()).run(request);
            TensorFiles.write(outputs, results);
            if (json) {
                System.out.println(Json.write(Map.of(
                        "outputs",
                        outputs.toString(),
                        "loss",
                        results.getOrDefault("loss", results.values().iterator().next())
                                .getFloat())));
            }
            return 0;
        }
    }
}
