package org.cpet.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.cpet.runtime.checkpoint.RunDirectory;
import org.cpet.runtime.data.ClassLabels;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.Paradigm;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.train.Events;
import org.cpet.runtime.train.TaskModule;
import org.cpet.runtime.wiring.RunInputs;
import org.cpet.runtime.wiring.RunParts;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.Nearest;
import org.cpet.spi.data.TaskFields.LabelWord;
import tools.jackson.databind.JsonNode;

/** Opens what a finished run made. */
final class FinishedRuns {
    private FinishedRuns() {}

    static AdaptedModel open(
            Path run,
            String paradigm,
            Optional<Path> adapter,
            ResolvedRecipe recipe,
            PluginCatalog catalog,
            Function<ResolvedRecipe, EngineSession> engine,
            Events events) {
        JsonNode result = RunDirectory.result(run)
                .orElseThrow(() -> new CpetException(
                        ExitCode.RUN_DIRECTORY,
                        "run " + run + " is not finished; found no result.json; allowed a finished run"));
        Paradigm chosen = paradigm(paradigm, result);
        EngineSession session = engine.apply(recipe);
        try {
            RunParts parts = RunParts.of(new RunInputs(
                    recipe, catalog, session, run, Optional.empty(), labels(result), events, () -> false));
            TaskModule module = parts.load(chosen, RunDirectory.stage(run, chosen.key()));
            adapter.ifPresent(directory -> parts.exchange(module, directory));
            return new AdaptedModel(session, parts, module);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static Paradigm paradigm(String key, JsonNode result) {
        List<String> rows = result.path("rows").values().stream()
                .map(row -> row.path("paradigm").asString())
                .toList();
        return Arrays.stream(Paradigm.values())
                .filter(paradigm -> paradigm.key().equals(key) && rows.contains(key))
                .findFirst()
                .orElseThrow(() -> new CpetException(
                        ExitCode.RECIPE,
                        "unknown paradigm; found " + key + "; allowed " + String.join(", ", rows)
                                + Nearest.hint(key, rows)));
    }

    private static Optional<ClassLabels> labels(JsonNode result) {
        JsonNode saved = result.path("provenance").path("labels");
        List<LabelWord> labels = new ArrayList<>();
        saved.values()
                .forEach(each -> labels.add(new LabelWord(
                        each.path("label").asString(), each.path("word").asString())));
        return labels.isEmpty() ? Optional.empty() : Optional.of(new ClassLabels(labels));
    }
}
