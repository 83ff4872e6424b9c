package org.cpet.runtime;

import java.util.List;
import java.util.Map;
import org.cpet.runtime.checkpoint.Contents;
import org.cpet.runtime.checkpoint.Json;
import org.cpet.runtime.checkpoint.RunDirectory;
import org.cpet.runtime.recipe.Paradigm;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.report.RunReport;
import org.cpet.runtime.train.Gates;
import org.cpet.runtime.train.InheritThenRecover;
import org.cpet.runtime.train.ResultRow;
import org.cpet.runtime.wiring.RunInputs;
import org.cpet.runtime.wiring.RunParts;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One run from its parts to its files. */
final class Runs {
    /** Whose adapter becomes that of the run: the last of these that was trained. */
    private static final List<Paradigm> ADAPTERS =
            List.of(Paradigm.CPET, Paradigm.INHERITED, Paradigm.COMPRESSED_PET, Paradigm.TEACHER);

    private Runs() {}

    static RunResult run(RunInputs inputs, RunDirectory directory) {
        try (RunParts parts = RunParts.of(inputs)) {
            inputs.catalog().warnings().forEach(warning -> inputs.events().notice("run", warning));
            InheritThenRecover algorithm = parts.algorithm();
            algorithm.run();
            ObjectNode provenance = parts.provenance(algorithm.stages().facts());
            provenance.set("notices", Json.of(inputs.events().notices()));
            export(inputs.recipe(), parts, directory);
            return finish(inputs.recipe(), directory, algorithm.stages().rows(), provenance);
        }
    }

    private static void export(ResolvedRecipe recipe, RunParts parts, RunDirectory directory) {
        switch (recipe.export().adapter()) {
            case PEFT ->
                ADAPTERS.stream()
                        .filter(paradigm -> directory.stages().hasAdapter(paradigm.key()))
                        .findFirst()
                        .ifPresent(paradigm -> directory.publishAdapter(paradigm.key()));
            case NONE -> {}
        }
        switch (recipe.export().model()) {
            case SAFETENSORS -> parts.exportModel(directory);
            case NONE -> {}
        }
    }

    private static RunResult finish(
            ResolvedRecipe recipe, RunDirectory directory, List<ResultRow> rows, ObjectNode provenance) {
        ObjectNode result = Json.object().put("name", recipe.name());
        ArrayNode table = result.putArray("rows");
        rows.forEach(row -> table.add(row.toJson()));
        result.set("provenance", provenance);
        String page = RunReport.html(result, directory.metrics().lines(), recipe.yaml());
        directory.writeFile("report.html", Contents.text(page));
        directory.finish(result);
        Map<String, Object> origin = Json.map(provenance);
        return new RunResult(
                directory.path(),
                recipe.name(),
                rows.stream().map(Runs::row).toList(),
                origin,
                Gates.failed(recipe.gates(), rows));
    }

    private static RunResult.Row row(ResultRow row) {
        return new RunResult.Row(
                row.paradigm().key(),
                row.paradigm().title(),
                row.seed(),
                row.metrics(),
                row.trainableParameters(),
                row.modelBytes(),
                row.latencyMs());
    }
}
