package org.cpet.runtime.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.cpet.runtime.Cpet;
import org.cpet.runtime.StudyRequest;
import org.cpet.runtime.StudyResult;
import org.cpet.runtime.config.TextTable;
import org.cpet.runtime.study.Cell;
import org.cpet.runtime.study.StudyPlan;
import org.cpet.spi.ExitCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cpet study}. */
@Command(
        name = "study",
        mixinStandardHelpOptions = true,
        description = {
            "Runs every cell of a study and writes one report: the tables of the paper, or any grid of a recipe's keys.",
            "Cells that are done are taken as they are; an unfinished study is continued by the same command."
        },
        footer = {
            "",
            "Examples:",
            "  cpet study recipes/studies/quickstart-ablation.yaml",
            "  cpet study recipes/studies/quickstart-ablation.yaml --plan    the cells, without running any"
        })
final class StudyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "STUDY", description = "study file")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "change a key of the recipe in all cells, as model.path=DIR; may be repeated")
    private List<String> overrides = new ArrayList<>();

    @Option(names = "--output", paramLabel = "DIR", description = "study directory (default: studies/NAME)")
    private @Nullable Path output;

    @Option(names = "--plan", description = "check everything and list the cells; run none")
    private boolean plan;

    @Option(names = "--kernels", paramLabel = "FILE", description = "kernel choice to use instead of measuring")
    private @Nullable Path kernels;

    @Option(names = "--json", description = "print one JSON document")
    private boolean json;

    @Mixin
    private Plugins plugins;

    @Override
    public Integer call() {
        Cpet.Builder builder = plugins.builder();
        if (kernels != null) {
            builder.kernels(kernels);
        }
        try (ProgressListener progress = ProgressListener.forProcess();
                Interruption interruption = Interruption.watch();
                Cpet cpet = builder.listener(progress).build()) {
            cpet.warnings().forEach(warning -> System.err.println("note: " + warning));
            StudyRequest request =
                    StudyRequest.of(file).heardBy(new StudyProgress(System.err)).stoppedBy(interruption.token());
            for (String assignment : overrides) {
                request = request.with(assignment);
            }
            if (plan) {
                return print(cpet.planStudy(request));
            }
            return print(cpet.study(output == null ? request : request.to(output)));
        }
    }

    private int print(StudyResult result) {
        if (json) {
            System.out.println(Json.write(result.document()));
        } else {
            System.out.print(result.table());
            System.out.println("report: " + result.directory().resolve("report.html"));
        }
        if (!result.complete()) {
            result.notices().forEach(notice -> System.err.println("note: " + notice));
        }
        return result.failed() > 0 ? ExitCode.DIVERGED.number() : ExitCode.OK.number();
    }

    private int print(StudyPlan study) {
        study.notices().forEach(notice -> System.err.println("note: " + notice));
        if (json) {
            System.out.println(Json.write(document(study)));
            return 0;
        }
        TextTable table = new TextTable("cell", "#seed", "variants", "rows");
        for (Cell cell : study.cells()) {
            table.row(cell.key(), String.valueOf(cell.seed()), String.join(" / ", cell.variants()), rows(cell));
        }
        System.out.print(table.text());
        System.out.println(study.cells().size() + " cells; the study is valid");
        return 0;
    }

    private static String rows(Cell cell) {
        return String.join(
                ", ",
                cell.recipe().evaluation().compare().stream()
                        .map(row -> row.key())
                        .toList());
    }

    private static Map<String, Object> document(StudyPlan study) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", study.name());
        document.put("seeds", study.seeds());
        List<Map<String, Object>> cells = study.cells().stream()
                .map(cell -> {
                    Map<String, Object> node = new LinkedHashMap<>();
                    node.put("key", cell.key());
                    node.put("seed", cell.seed());
                    node.put("variants", cell.variants());
                    node.put("recipe", cell.recipe().yaml());
                    return node;
                })
                .toList();
        document.put("cells", cells);
        return document;
    }
}
