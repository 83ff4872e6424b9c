package org.cpet.runtime.cli;

import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.cpet.runtime.bench.Bench;
import org.cpet.runtime.bench.BenchMode;
import org.cpet.runtime.bench.BenchRequest;
import org.cpet.runtime.bench.Workload;
import org.cpet.runtime.bench.Workloads;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.Nearest;
import org.jspecify.annotations.Nullable;
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
            "  cpet bench --workloads FILE.json --workload llama --mode infer --dtype auto"
        })
final class BenchCommand implements Callable<Integer> {
    @Option(names = "--workloads", required = true, description = "file of shapes, batch sizes and step counts")
    private Path workloads;

    @Option(names = "--workload", required = true, description = "a name in that file")
    private String workload;

    @Option(names = "--mode", required = true, description = "what a step is: train_lora, infer, generate, ...")
    private String mode;

    @Option(
            names = "--dtype",
            defaultValue = "float32",
            description = "float32, bfloat16, or auto: what this machine is faster with (default: ${DEFAULT-VALUE})")
    private String dtype;

    @Option(names = "--steps", description = "steps to time (default: the file's)")
    private @Nullable Integer steps;

    @Option(names = "--json", description = "print one line of JSON")
    private boolean json;

    @Mixin
    private Plugins plugins;

    @Override
    public Integer call() {
        BenchMode measured = mode();
        Workloads file = Workloads.read(workloads);
        Workload shape = file.of(workload, measured);
        Workloads.Common common = steps == null ? file.common() : file.common().withSteps(steps);
        try (Desk desk = Desk.open(plugins, common.seed(), common.threads())) {
            BenchRequest request = new BenchRequest(workload, shape, common, measured, type(desk));
            Map<String, Object> facts = new Bench(request, desk.catalog(), desk.engine(), desk.context()).run();
            if (json) {
                System.out.println(Json.line(facts));
            } else {
                facts.forEach((name, value) -> System.out.printf(Locale.ROOT, "%-26s %s%n", name, value));
            }
            return 0;
        }
    }

    private BenchMode mode() {
        List<String> names =
                Arrays.stream(BenchMode.values()).map(BenchMode::key).toList();
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
