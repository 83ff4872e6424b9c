package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.cpet.it.support.TinyModel;
import org.cpet.runtime.AdaptedModel;
import org.cpet.runtime.Cpet;
import org.cpet.runtime.MultiTaskModel;
import org.cpet.runtime.MultiTaskModel.Question;
import org.cpet.runtime.Recipe;
import org.cpet.runtime.RunRequest;
import org.cpet.runtime.adapter.AdapterTrial;
import org.cpet.runtime.adapter.AdapterWork;
import org.cpet.runtime.engine.DeviceChoice;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.EnginelessContext;
import org.cpet.runtime.recipe.RecipeSource;
import org.cpet.runtime.recipe.Recipes;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.script.Methods;
import org.cpet.runtime.train.Events;
import org.cpet.runtime.wiring.ValidationLoss;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compressed and merged adapters where dense ones are taken: a run's rows, many tasks on one model, validation data. */
class CompressedAdapterUseTest {
    @TempDir
    static Path folder;

    private static final PluginCatalog CATALOG =
            PluginCatalog.discover(CompressedAdapterUseTest.class.getClassLoader(), List.of());
    private static final EnginelessContext CONTEXT = new EnginelessContext(42);
    private static final AdapterWork WORK = new AdapterWork(CATALOG, CONTEXT);

    private final Cpet cpet = Cpet.builder().device("cpu").build();

    @BeforeAll
    static void train() throws IOException {
        TinyModel.write(folder);
        Files.writeString(folder.resolve("recipe.yaml"), TinyModel.recipe());
        try (Cpet cpet = Cpet.builder().device("cpu").build()) {
            Recipe base = Recipe.file(folder.resolve("recipe.yaml"))
                    .with("pet={type: full}")
                    .with("export.model=safetensors");
            Recipe teacher = base;
            for (String key : List.of("compression", "inheritance", "recovery", "distillation", "training")) {
                teacher = teacher.with(key + "=null");
            }
            cpet.run(RunRequest.of(teacher.with("teacher.training.epochs", 1)).to(folder.resolve("base")));
            Recipe tuned = Recipe.file(folder.resolve("recipe.yaml"))
                    .with("model.path=" + folder.resolve("base/model"))
                    .with("model.init=weights");
            cpet.run(RunRequest.of(tuned).to(folder.resolve("run")));
            cpet.run(RunRequest.of(teacher.with("model.path=" + folder.resolve("base/model"))
                            .with("model.init=weights"))
                    .to(folder.resolve("full")));
        }
        compress("run/stages/teacher", "small", Optional.empty());
        WORK.decompress(
                new AdapterWork.Paths(folder.resolve("small"), Optional.empty(), folder.resolve("dense"), false));
        compress("run/adapter", "recovered", Optional.empty());
        WORK.decompress(new AdapterWork.Paths(
                folder.resolve("recovered"), Optional.empty(), folder.resolve("recovered-dense"), false));
        compress("full/stages/teacher", "residual", Optional.of(folder.resolve("base/model")));
        WORK.decompress(new AdapterWork.Paths(
                folder.resolve("residual"),
                Optional.of(folder.resolve("base/model")),
                folder.resolve("residual-dense"),
                false));
    }

    private static void compress(String adapter, String output, Optional<Path> initial) {
        WORK.compress(
                new AdapterWork.Paths(folder.resolve(adapter), initial, folder.resolve(output), false),
                Methods.codec(CATALOG, "compeft", new ArrayList<>(List.of("density=0.2", "alpha=2"))),
                Optional.empty());
    }

    @AfterAll
    static void close() {
        CATALOG.close();
    }

    /** LoRA alone, LoRA with a recovery module on a compressed model, and the residual of a whole model. */
    @Test
    void aRunScoresThemInThePlaceOfItsOwn() {
        scoresAlike("run", "teacher", "small", "dense");
        scoresAlike("run", "cpet", "recovered", "recovered-dense");
        scoresAlike("full", "teacher", "residual", "residual-dense");
    }

    private void scoresAlike(String run, String paradigm, String compressed, String dense) {
        List<AdaptedModel.Prediction> own = predictions(run, paradigm, Optional.empty());
        List<AdaptedModel.Prediction> packed = predictions(run, paradigm, Optional.of(compressed));

        assertThat(packed).isEqualTo(predictions(run, paradigm, Optional.of(dense)));
        assertThat(packed).isNotEqualTo(own);
    }

    private List<AdaptedModel.Prediction> predictions(String run, String paradigm, Optional<String> adapter) {
        Path directory = folder.resolve(run);
        try (AdaptedModel model = adapter.isPresent()
                ? cpet.load(directory, paradigm, folder.resolve(adapter.get()))
                : cpet.load(directory, paradigm)) {
            return model.predict(List.of("film good scene", "plot awful cast", "tale bright"));
        }
    }

    @Test
    void theyStandBesideOthersOnOneModel() {
        Map<String, Path> adapters = Map.of("small", folder.resolve("small"), "dense", folder.resolve("dense"));
        try (MultiTaskModel model = cpet.open(folder.resolve("base/model"), adapters)) {
            model.add("residual", folder.resolve("residual"));
            model.add("residual-dense", folder.resolve("residual-dense"));
            List<double[]> answers = model.classify(List.of(
                    Question.of("small", "film good scene"),
                    Question.of("dense", "film good scene"),
                    Question.of("residual", "film good scene"),
                    Question.of("residual-dense", "film good scene")));

            // the same sums, in passes of different rows
            assertThat(answers.get(0)).containsExactly(answers.get(1), within(1e-6));
            assertThat(answers.get(2)).containsExactly(answers.get(3), within(1e-6));
        }
    }

    /** Each candidate is measured, the lowest loss wins, and it is the loss that the run's own evaluation would find. */
    @Test
    void alphaIsChosenOnTheRowsThatARecipeKeepsForThat() {
        Path adapter = folder.resolve("run/stages/teacher");
        Path tried = folder.resolve("small"); // what stands in the model first gives way to what is tried
        ResolvedRecipe recipe = Recipes.resolve(
                RecipeSource.file(folder.resolve("run/recipe.yaml")),
                List.of("teacher={adapter: '" + tried + "'}"),
                CATALOG);
        List<String> notices = new ArrayList<>();
        try (EngineSession session = EngineSession.open(DeviceChoice.parse("cpu"), 1);
                ValidationLoss loss = ValidationLoss.open(
                        recipe, tried, OptionalInt.empty(), CATALOG, session, new Events(event -> {}, List.of()))) {
            Map<String, Object> facts = WORK.compress(
                    new AdapterWork.Paths(adapter, Optional.empty(), folder.resolve("chosen"), false),
                    Methods.codec(CATALOG, "compeft", new ArrayList<>(List.of("density=0.2"))),
                    Optional.of(new AdapterTrial(loss, notices::add)));

            assertThat(notices).hasSize(1);
            String[] losses =
                    notices.get(0).substring("loss at each alpha: ".length()).split(", ", -1);
            assertThat(losses).hasSize(9);
            double lowest = Double.POSITIVE_INFINITY;
            String best = "";
            for (String each : losses) {
                double found = Double.parseDouble(each.split(": ", -1)[1]);
                if (found < lowest) {
                    lowest = found;
                    best = each.split(": ", -1)[0];
                }
            }
            assertThat(String.valueOf(facts.get("alpha"))).isEqualTo(best);
        }
    }
}
