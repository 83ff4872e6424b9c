package org.cpet.runtime.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.plugin.PluginCatalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipesTest {
    private static final String WHOLE = """
            name: sst2-q-sp
            model: {path: model, task: seq_cls}
            data: {dataset: glue/sst2, path: data, max_length: 64}
            pet: {type: lora, lora_alpha: 32, target_modules: [query, value]}
            teacher:
              training: {learning_rate: 5.0e-4, epochs: 3, batch_size: 32}
            compression:
              - structured_pruning: {heads: 0.5, ffn: 0.5}
              - int8
            inheritance: {}
            recovery: {type: bottleneck}
            distillation: {type: logits_mse}
            training: {learning_rate: 1e-3, max_steps: 100, batch_size: 32}
            evaluation: {metrics: [accuracy, f1: {average: macro}]}
            gates: [{metric: accuracy, min: 0.8}]
            """;

    @TempDir
    Path folder;

    private PluginCatalog catalog;

    @BeforeEach
    void makeFiles() throws IOException {
        StandInFamily.write(folder.resolve("model"));
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/train.tsv"), "sentence\tlabel\n");
        Files.writeString(folder.resolve("data/dev.tsv"), "sentence\tlabel\n");
        catalog = StandIns.catalog(folder);
    }

    @AfterEach
    void closeCatalog() {
        catalog.close();
    }

    @Test
    void everyDefaultIsFilledIn() {
        assertThat(resolve(WHOLE).yaml()).isEqualTo("""
                        name: sst2-q-sp
                        seed: 42
                        model:
                          path: "FOLDER/model"
                          task: seq_cls
                          dtype: float32
                          device: auto
                          init: weights
                        data:
                          dataset: glue/sst2
                          path: "FOLDER/data"
                          max_length: 64
                        pet:
                          type: lora
                          r: 8
                          lora_alpha: 32.0
                          lora_dropout: 0.0
                          target_modules: [query, value]
                        teacher:
                          training:
                            learning_rate: 5.0e-4
                            epochs: 3
                            batch_size: 32
                            gradient_accumulation_steps: 1
                            lr_scheduler: linear
                            warmup_ratio: 0.06
                            weight_decay: 0.01
                            max_grad_norm: 1.0
                            logging_steps: 10
                            save_steps: 500
                            memory: auto
                        compression:
                          - structured_pruning:
                              heads: 0.5
                              ffn: 0.5
                          - int8:
                              activations: dynamic
                        inheritance:
                          on_shape_mismatch: slice
                          min_coverage: 1.0
                        recovery:
                          type: bottleneck
                          r: 8
                          target_modules: [all-linear]
                        distillation:
                          type: logits_mse
                          alpha: 0.05
                        training:
                          learning_rate: 0.001
                          max_steps: 100
                          batch_size: 32
                          gradient_accumulation_steps: 1
                          lr_scheduler: linear
                          warmup_ratio: 0.06
                          weight_decay: 0.01
                          max_grad_norm: 1.0
                          logging_steps: 10
                          save_steps: 500
                          memory: auto
                        evaluation:
                          metrics:
                            - accuracy: {}
                            - f1:
                                average: macro
                          compare: [teacher, compressed, compressed_pet, inherited, cpet]
                          batch_size: 64
                        export:
                          adapter: peft
                          model: none
                        gates:
                          - metric: accuracy
                            paradigm: cpet
                            min: 0.8
                        """.replace("FOLDER", folder.toString()));
    }

    @Test
    void theResolvedRecipeResolvesToItself() {
        String yaml = resolve(WHOLE).yaml();

        assertThat(resolve(yaml).yaml()).isEqualTo(yaml);
    }

    @Test
    void filesTextsAndObjectsGiveTheSameRecipe() throws IOException {
        Path file = Files.writeString(folder.resolve("recipe.yaml"), """
                name: tuned
                model: {path: model, task: seq_cls}
                data: {dataset: jsonl, train: data/train.tsv, test: data/dev.tsv, fields: {text: a, label: b}}
                pet: {type: lora, target_modules: query}
                teacher: {training: {learning_rate: 0.001, epochs: 1, batch_size: 8}}
                """);
        Map<String, ?> objects = Map.of(
                "name", "tuned",
                "model", Map.of("path", Path.of("model"), "task", ModelSection.Task.SEQ_CLS),
                "data",
                        Map.of(
                                "dataset", "jsonl",
                                "train", "data/train.tsv",
                                "test", "data/dev.tsv",
                                "fields", Map.of("text", List.of("a"), "label", "b")),
                "pet", Map.of("type", "lora", "target_modules", List.of("query")),
                "teacher", Map.of("training", Map.of("learning_rate", 1e-3, "epochs", 1, "batch_size", 8)));

        ResolvedRecipe fromFile = Recipes.resolve(file, List.of(), catalog);
        ResolvedRecipe fromObjects = Recipes.resolve(RecipeSource.objects(objects, folder), List.of(), catalog);

        assertThat(fromObjects.yaml()).isEqualTo(fromFile.yaml());
        assertThat(fromFile.evaluation().compare()).containsExactly(Paradigm.TEACHER);
    }

    @Test
    void rowsThatTheSectionsCannotMakeLeaveTheDefault() {
        ResolvedRecipe recipe = resolve("""
                name: ablation
                model: {path: model, task: seq_cls}
                data: {dataset: glue/sst2, path: data}
                pet: {type: lora, target_modules: [query]}
                compression: [int8]
                training: {learning_rate: 1e-3, epochs: 1, batch_size: 32}
                """);

        assertThat(recipe.evaluation().compare()).containsExactly(Paradigm.COMPRESSED, Paradigm.COMPRESSED_PET);
    }

    @Test
    void overridesReplaceAppendCreateAndRemove() {
        ResolvedRecipe recipe = Recipes.resolve(
                RecipeSource.text(WHOLE, folder),
                List.of(
                        "pet.r=4",
                        "compression.0.structured_pruning.heads=0.25",
                        "compression.1.int8.activations=none",
                        "compression.2=int8",
                        "export.adapter=none",
                        "distillation=null",
                        "pet.target_modules=[value, ffn]"),
                catalog);

        assertThat(recipe.yaml())
                .contains("  r: 4\n  lora_alpha: 32.0\n  lora_dropout: 0.0\n  target_modules: [value, ffn]\n")
                .contains("heads: 0.25\n      ffn: 0.5\n")
                .contains("  - int8:\n      activations: none\n  - int8:\n      activations: dynamic\n")
                .contains("export:\n  adapter: none\n")
                .doesNotContain("distillation");
    }

    @Test
    void aCompressionFileNeedsNoOtherSection() {
        List<Configured<org.cpet.spi.compress.Compressor>> compression =
                Recipes.compression(RecipeSource.text("compression: [int8]", folder), List.of(), catalog);

        assertThat(compression).extracting(Configured::name).containsExactly("int8");
    }

    private ResolvedRecipe resolve(String text) {
        return Recipes.resolve(RecipeSource.text(text, folder), List.of(), catalog);
    }
}
