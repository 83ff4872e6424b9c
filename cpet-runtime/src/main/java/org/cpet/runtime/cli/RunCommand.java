package org.cpet.runtime.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.cpet.runtime.Cpet;
import org.cpet.runtime.RunRequest;
import org.cpet.runtime.RunRequest.Existing;
import org.cpet.runtime.RunResult;
import org.cpet.runtime.report.ReportData.ReportRow;
import org.cpet.runtime.report.ResultTable;
import org.cpet.spi.ExitCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cpet run}. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a recipe: trains, compresses, inherits, recovers, compares.",
            "An unfinished run of the same recipe in the output directory is continued."
        },
        footer = {
            "",
            "Examples:",
            "  cpet run recipes/quickstart.yaml",
            "  cpet run my.yaml --output runs/small --set pet.r=4 --set seed=7"
        })
final class RunCommand implements Callable<Integer> {
    @Mixin
    private RecipeArgument recipe;

    @Option(names = "--output", paramLabel = "DIR", description = "run directory (default: runs/NAME)")
    private @Nullable Path output;

    @ArgGroup
    private @Nullable OnExisting onExisting;

    @Option(names = "--json", description = "print the result as one JSON document")
    private boolean json;

    @Mixin
    private Kernels kernels;

    @Mixin
    private Plugins plugins;

    /** What to do with a run that lies in the output directory. */
    static final class OnExisting {
        @Option(names = "--resume", description = "insist that there is a run to continue")
        private boolean resume;

        @Option(names = "--overwrite", description = "delete the run that is there and start again")
        private boolean overwrite;

        Existing answer() {
            return overwrite ? Existing.OVERWRITE : resume ? Existing.RESUME : Existing.CONTINUE;
        }
    }

    @Override
    public Integer call() {
        Cpet.Builder builder = kernels.into(plugins.builder());
        try (ProgressListener progress = ProgressListener.forProcess();
                Interruption interruption = Interruption.watch();
                Cpet cpet = builder.listener(progress).build()) {
            RunRequest request = RunRequest.of(recipe.recipe())
                    .existing(onExisting == null ? Existing.CONTINUE : onExisting.answer())
                    .stoppedBy(interruption.token());
            return print(cpet.run(output == null ? request : request.to(output)));
        }
    }

    private int print(RunResult result) {
        if (json) {
            System.out.println(Json.write(Map.of(
                    "name", result.name(),
                    "directory", result.directory().toString(),
                    "rows", result.rows().stream().map(RunCommand::document).toList(),
                    "provenance", result.provenance())));
        } else {
            System.out.print(ResultTable.text(
                    result.rows().stream().map(RunCommand::reportRow).toList()));
            System.out.println("report: " + result.directory().resolve("report.html"));
        }
        List<String> failed = result.failedGates();
        failed.forEach(System.err::println);
        return failed.isEmpty() ? ExitCode.OK.number() : ExitCode.GATE.number();
    }

    private static Map<String, Object> document(RunResult.Row row) {
        return Map.of(
                "paradigm", row.paradigm(),
                "seed", row.seed(),
                "metrics", row.metrics(),
                "trainable_parameters", row.trainableParameters(),
                "model_bytes", row.modelBytes(),
                "latency_ms", row.latencyMs());
    }

    private static ReportRow reportRow(RunResult.Row row) {
        return new ReportRow(row.title(), row.metrics(), row.trainableParameters(), row.modelBytes(), row.latencyMs());
    }
}
