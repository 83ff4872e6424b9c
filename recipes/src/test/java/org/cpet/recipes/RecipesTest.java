package org.cpet.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.Paradigm;
import org.cpet.runtime.recipe.Recipes;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every recipe of this folder against the plugins that it names. */
class RecipesTest {
    /** Recipes for models and data that a user brings. */
    private static final Set<String> BROUGHT =
            Set.of("sst2-encoder.yaml", "light-peft-sst2.yaml", "peqa-sst2.yaml", "ptq-sst2.yaml", "qlora-sst2.yaml");

    private final PluginCatalog catalog = PluginCatalog.discover(RecipesTest.class.getClassLoader(), List.of());

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        catalog.close();
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void bindsToThePlugins(Path recipe) throws IOException {
        List<String> overrides = BROUGHT.contains(recipe.getFileName().toString()) ? broughtAlong() : List.of();

        assertThatCode(() -> Recipes.resolve(recipe, overrides, catalog)).doesNotThrowAnyException();
    }

    @Test
    void theQuickstartComparesAllFiveAndDrawsItsBestEpochFromTrain() {
        ResolvedRecipe quickstart = Recipes.resolve(Path.of("quickstart.yaml"), List.of(), catalog);

        assertThat(quickstart.evaluation().compare()).containsExactly(Paradigm.values());
        assertThat(quickstart.source().orElseThrow().validation()).isEmpty();
    }

    @Test
    void everyRecipeIsPackedWithWhatItReads() {
        assertThat(List.of(
                        "quickstart.yaml",
                        "sst2-encoder.yaml",
                        "light-peft-sst2.yaml",
                        "peqa-sst2.yaml",
                        "ptq-sst2.yaml",
                        "qlora-sst2.yaml",
                        "compeft-expert.yaml",
                        "quickstart/pretrain.yaml",
                        "studies/quickstart-ablation.yaml",
                        "studies/side-by-side-sst2.yaml",
                        "quickstart/weights/test.creatures",
                        "quickstart/same/age/test.creatures",
                        "quickstart/backbone/tokenizer.json",
                        "quickstart/backbone/model.safetensors"))
                .allSatisfy(name -> assertThat(Optional.ofNullable(RecipesTest.class.getResource("/recipes/" + name)))
                        .as(name)
                        .isPresent());
    }

    static List<Path> recipes() throws IOException {
        try (Stream<Path> files = Stream.concat(Files.list(Path.of(".")), Files.list(Path.of("quickstart")))) {
            List<Path> recipes = files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
            assertThat(recipes).hasSizeGreaterThanOrEqualTo(3); // so that none binds because none is seen
            return recipes;
        }
    }

    /** A config and names of files suffice: binding reads no weight and no row. */
    private List<String> broughtAlong() throws IOException {
        Files.writeString(folder.resolve("config.json"), """
                {"architectures": ["BertModel"], "model_type": "bert", "hidden_size": 128, "num_hidden_layers": 1,
                 "num_attention_heads": 2, "intermediate_size": 128, "vocab_size": 10, "max_position_embeddings": 64,
                 "type_vocab_size": 2, "hidden_act": "gelu", "layer_norm_eps": 1e-12}
                """);
        for (String name : List.of("tokenizer.json", "model.safetensors", "train.tsv", "dev.tsv")) {
            Files.writeString(folder.resolve(name), "");
        }
        return List.of("model.path=" + folder, "data.path=" + folder);
    }
}
