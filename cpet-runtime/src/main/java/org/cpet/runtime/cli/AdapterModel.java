package org.cpet.runtime.cli;

import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.cpet.runtime.adapter.AdapterTrial;
import org.cpet.runtime.engine.DeviceChoice;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.RecipeSource;
import org.cpet.runtime.recipe.Recipes;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.script.AdapterBatchLoss;
import org.cpet.runtime.script.Methods;
import org.cpet.runtime.script.OpenedModel;
import org.cpet.runtime.train.Events;
import org.cpet.runtime.wiring.ValidationLoss;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.event.RunEvent;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The model and the rows that adapters are measured on: a recipe's, or a directory and a file of tensors. */
final class AdapterModel {
    @Option(
            names = "--recipe",
            paramLabel = "FILE",
            description = "recipe whose model and validation rows adapters are measured on, such as RUN/recipe.yaml")
    private @Nullable Path recipe;

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "at most so many of these rows, the first; all without it")
    private @Nullable Integer rows;

    @Option(names = "--model", description = "model directory that adapters are measured on")
    private @Nullable Path model;

    @Option(names = "--data", paramLabel = "FILE", description = "tensors as `cpet forward` reads them, with labels")
    private @Nullable Path data;

    /** Whether there is something to measure on; half of it, or two things, are refused. */
    boolean given() {
        if (recipe != null && (model != null || data != null)) {
            throw wrong("--recipe names the model and the rows; allowed --recipe, or --model and --data");
        }
        if (rows != null && (recipe == null || rows < 1)) {
            throw wrong(
                    recipe == null
                            ? "--rows are a recipe's; allowed with --recipe"
                            : "--rows; found " + rows + "; allowed 1 or more");
        }
        if ((model == null) != (data == null)) {
            throw wrong(
                    model == null
                            ? "--data needs --model: the loss is measured on it"
                            : "--model needs --data: the loss is measured on its rows");
        }
        return recipe != null || model != null;
    }

    private static CpetException wrong(String message) {
        return new CpetException(ExitCode.RECIPE, message);
    }

    /** Runs with a trial when a model was given, else without; the adapter in the model gives way to those tried. */
    <T> T with(Plugins plugins, Path adapter, Function<Optional<AdapterTrial>, T> work) {
        if (recipe != null) {
            return withRecipe(recipe, plugins, adapter, work);
        }
        if (model == null || data == null) {
            return work.apply(Optional.empty());
        }
        try (Desk desk = Desk.open(plugins, 0);
                OpenedModel opened = OpenedModel.open(
                        model, adapter, DataType.FLOAT32, desk.engine(), desk.catalog(), desk.context())) {
            AdapterBatchLoss loss = new AdapterBatchLoss(
                    desk.engine(), opened, data, Methods.crossEntropy(desk.catalog(), desk.context()));
            return work.apply(Optional.of(new AdapterTrial(loss, desk.context()::notice)));
        }
    }

    private <T> T withRecipe(Path file, Plugins plugins, Path adapter, Function<Optional<AdapterTrial>, T> work) {
        try (PluginCatalog catalog = plugins.open()) {
            ResolvedRecipe resolved = Recipes.resolve(
                    RecipeSource.file(file), List.of("teacher={adapter: '" + adapter.toAbsolutePath() + "'}"), catalog);
            Events events = new Events(AdapterModel::show, List.of());
            try (EngineSession session = EngineSession.open(
                            DeviceChoice.parse(resolved.model().device()), 0);
                    ValidationLoss loss = ValidationLoss.open(resolved, adapter, limit(), catalog, session, events)) {
                return work.apply(Optional.of(new AdapterTrial(loss, notice -> System.err.println("note: " + notice))));
            }
        }
    }

    private OptionalInt limit() {
        return rows == null ? OptionalInt.empty() : OptionalInt.of(rows);
    }

    private static void show(RunEvent event) {
        if (event instanceof RunEvent.Notice notice) {
            System.err.println("note: " + notice.message());
        }
    }
}
