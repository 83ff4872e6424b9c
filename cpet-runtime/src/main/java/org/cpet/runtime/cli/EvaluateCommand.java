package org.cpet.runtime.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.cpet.runtime.AdaptedModel;
import org.cpet.runtime.Cpet;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cpet evaluate}. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = "Scores what a finished run made on rows it has never seen.",
        footer = {"", "Example:", "  cpet evaluate runs/quickstart --data new.jsonl --predictions answers.jsonl"})
final class EvaluateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN_DIR", description = "a finished run")
    private Path directory;

    @Option(names = "--paradigm", defaultValue = "cpet", description = "row of the table (default: ${DEFAULT-VALUE})")
    private String paradigm;

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = "score this adapter, such as a compressed or merged one, in the place of the trained one")
    private @Nullable Path adapter;

    @Option(names = "--data", required = true, description = "data file of the recipe's format, with labels")
    private Path data;

    @Option(names = "--predictions", paramLabel = "FILE.jsonl", description = "write one prediction a line")
    private @Nullable Path predictions;

    @Option(names = "--json", description = "print one JSON document")
    private boolean json;

    @Mixin
    private Kernels kernels;

    @Mixin
    private Plugins plugins;

    @Override
    public Integer call() {
        try (Cpet cpet = kernels.into(plugins.builder()).build();
                AdaptedModel model = load(cpet)) {
            AdaptedModel.Scores scores = model.evaluate(data);
            if (predictions != null) {
                write(predictions, scores.predictionLines());
            }
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("paradigm", paradigm);
            document.put("metrics", scores.metrics());
            document.put("examples", scores.examples());
            if (json) {
                System.out.println(Json.write(document));
            } else {
                scores.metrics().forEach((name, value) -> System.out.printf("%-12s %.4f%n", name, value));
                System.out.printf("%-12s %d%n", "examples", scores.examples());
            }
            return 0;
        }
    }

    private AdaptedModel load(Cpet cpet) {
        return adapter == null ? cpet.load(directory, paradigm) : cpet.load(directory, paradigm, adapter);
    }

    private static void write(Path file, String lines) {
        try {
            Files.writeString(file, lines);
        } catch (IOException e) {
            throw new CpetException(ExitCode.DISK, file + ": cannot be written: " + e.getMessage(), e);
        }
    }
}
