package org.cpet.runtime.cli;

import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.cpet.runtime.bench.Bench;
import org.cpet.runtime.bench.BenchMode;
import org.cpet.runtime.bench.BenchRequest;
import org.cpet.runtime.bench.CompressionBench;
import org.cpet.runtime.bench.LoadBench;
import org.cpet.runtime.bench.Workload;
import org.cpet.runtime.bench.Workloads;
import org.cpet.runtime.recipe.TrainingSection;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.Nearest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cpet bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Times training steps, inference or generation on a random model of a given shape.",
            "Compare such figures only side by side on one machine at rest."
        },
        footer = {
            "",
            "Examples:",
            "  cpet bench --workloads FILE.json --workload bert --mode train_lora --json",
            "  cpet bench --workloads FILE.json --workload llama --mode infer --dtype auto",
            "  cpet bench --workloads FILE.json --workload t5 --mode compression",
            "  cpet bench --load DIR"
        })
final class BenchCommand implements Callable<Integer> {
    private static final String COMPRESSION = "compression";

    @ArgGroup(multiplicity = "1")
    private What what;

    /** A step of a workload, or the opening of a directory. */
    private static final class What {
        @ArgGroup(exclusive = false, multiplicity = "1")
        private @Nullable Step step;

        @Option(names = "--load", required = true, description = "time the opening of this model directory instead")
        private @Nullable Path load;
    }

    /** A step of a workload. */
    private static final class Step {
        @Option(names = "--workloads", required = true, description = "file of shapes, batch sizes and step counts")
        private Path workloads;

        @Option(names = "--workload", required = true, description = "a name in that file")
        private String workload;

        @Option(
                names = "--mode",
                required = true,
                description =
                        "what a step is: train_lora, infer, generate, ...; compression: how much faster pruned, int8"
                                + " and expert parts are than dense ones, in turns")
        private String mode;

        boolean compares() {
            return mode.equals(COMPRESSION);
        }
    }

    @Option(
            names = "--dtype",
            defaultValue = "float32",
            description = "float32, bfloat16, or auto: what this machine is faster with (default: ${DEFAULT-VALUE})")
    private String dtype;

    @Option(names = "--steps", description = "steps to time (default: the file's)")
    private @Nullable Integer steps;

    @Option(names = "--memory", defaultValue = "FAST", description = "of training: fast or low (default: fast)")
    private TrainingSection.Memory memory;

    @Option(names = "--json", description = "print one line of JSON")
    private boolean json;

    @Mixin
    private Kernels kernels;

    @Mixin
    private Plugins plugins;

    @Override
    public Integer call() {
        Map<String, Object> facts = what.load != null ? load(what.load) : step(Objects.requireNonNull(what.step));
        if (json) {
            System.out.println(Json.line(facts));
        } else {
            facts.forEach((name, value) -> System.out.printf(Locale.ROOT, "%-26s %s%n", name, value));
        }
        return 0;
    }

    private Map<String, Object> load(Path folder) {
        try (Desk desk = Desk.open(plugins, kernels, 0, 0)) {
            return new LoadBench(desk.catalog(), desk.engine(), desk.context()).run(folder);
        }
    }

    private Map<String, Object> compression(Step step) {
        Workloads file = Workloads.read(step.workloads);
        Workloads.Common common = steps == null ? file.common() : file.common().withSteps(steps);
        try (Desk desk = Desk.open(plugins, kernels, common.seed(), common.threads())) {
            BenchRequest request = new BenchRequest(
                    step.workload, file.of(step.workload), common, BenchMode.INFER, type(desk), memory);
            return new CompressionBench(request, desk.catalog(), desk.engine(), desk.context()).run();
        }
    }

    private Map<String, Object> step(Step step) {
        if (step.compares()) {
            return compression(step);
        }
        BenchMode measured = mode(step.mode);
        Workloads file = Workloads.read(step.workloads);
        Workload shape = file.of(step.workload, measured);
        Workloads.Common common = steps == null ? file.common() : file.common().withSteps(steps);
        try (Desk desk = Desk.open(plugins, kernels, common.seed(), common.threads())) {
            BenchRequest request = new BenchRequest(step.workload, shape, common, measured, type(desk), memory);
            return new Bench(request, desk.catalog(), desk.engine(), desk.context()).run();
        }
    }

    private static BenchMode mode(String mode) {
        List<String> names = Stream.concat(
                        Arrays.stream(BenchMode.values()).map(BenchMode::key), Stream.of(COMPRESSION))
                .toList();
        if (!names.contains(mode)) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    "--mode; found " + mode + "; allowed " + String.join(", ", names) + Nearest.hint(mode, names));
        }
        return BenchMode.valueOf(mode.toUpperCase(Locale.ROOT));
    }

    private DataType type(Desk desk) {
        return switch (dtype) {
            case "float32" -> DataType.FLOAT32;
            case "bfloat16" -> DataType.BFLOAT16;
            case "auto" -> desk.engine().kernels().fastBfloat16() ? DataType.BFLOAT16 : DataType.FLOAT32;
            default ->
                throw new CpetException(
                        ExitCode.RECIPE, "--dtype; found " + dtype + "; allowed float32, bfloat16, auto");
        };
    }
}
