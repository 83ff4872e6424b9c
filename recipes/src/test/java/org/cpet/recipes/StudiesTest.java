package org.cpet.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.study.Cell;
import org.cpet.runtime.study.StudyPlan;
import org.cpet.runtime.study.StudyReader;
import org.cpet.runtime.study.Variant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every study of this folder, and the built-in ones, against the plugins that they name. */
class StudiesTest {
    private final PluginCatalog catalog = PluginCatalog.discover(StudiesTest.class.getClassLoader(), List.of());

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        catalog.close();
    }

    @Test
    void theQuickstartsAblationHasEightCellsASeed() {
        StudyPlan plan = StudyReader.read(Path.of("studies/quickstart-ablation.yaml"), List.of(), catalog);

        assertThat(plan.seeds()).containsExactly(1L, 2L, 3L);
        assertThat(plan.cells()).hasSize(24);
        assertThat(plan.notices()).isEmpty();
    }

    @Test
    void paradigmsHaveASmallerDenseModelAmongThem() throws IOException {
        StudyPlan plan = StudyReader.read(Path.of("studies/sst2-encoder.yaml"), broughtAlong(), catalog);

        assertThat(plan.variants())
                .extracting(Variant::name)
                .containsExactly("original + PET", "compressed + PET", "compressed + CPET");
        assertThat(plan.cells()).hasSize(3);
        assertThat(plan.equalLatency().orElseThrow().candidates()).hasSize(3);
        assertThat(plan.notices()).containsExactly("no row for a small model: the study file has no 'small_model'");
    }

    @Test
    void compressorsStandAloneAndTogetherWithTheirIdeals() throws IOException {
        StudyPlan plan = StudyReader.read(Path.of("studies/sst2-compressors.yaml"), broughtAlong(), catalog);

        assertThat(plan.variants())
                .extracting(Variant::name)
                .containsExactly("original", "structured_pruning", "unstructured_pruning", "int8", "all");
        assertThat(plan.variants().get(4).settings())
                .containsEntry("ideal size", "13 %")
                .containsEntry("ideal speed", "800 %");
    }

    @Test
    void parameterControlsSpendCpetsParametersOtherwise() throws IOException {
        Path study = Files.writeString(folder.resolve("study.yaml"), """
                name: control
                recipe: %s
                study: parameter_control
                nonlinear_pet: lora
                """.formatted(
                        Path.of("quickstart.yaml").toAbsolutePath()));
        StudyPlan plan = StudyReader.read(study, List.of(), catalog);

        // P 15,360 and R 141,312 parameters at rank 4, so P alone needs rank 4 · 156,672 / 15,360 = 40.8
        assertThat(plan.variants())
                .extracting(Variant::name)
                .containsExactly(
                        "LoRA",
                        "LoRA + LoRA",
                        "large LoRA, r 8",
                        "large LoRA, r 41",
                        "Rec + Rec",
                        "large Rec, r 8",
                        "large Rec, r 41",
                        "CPET");
        Cell two = plan.cells().stream()
                .filter(cell -> cell.variants().contains("LoRA + LoRA"))
                .findFirst()
                .orElseThrow();
        assertThat(two.recipe().yaml())
                .contains("activation: identity")
                .doesNotContain("teacher:", "inheritance:", "distillation:");
    }

    /** A config and names of files suffice: the weights are drawn. */
    private List<String> broughtAlong() throws IOException {
        Files.writeString(folder.resolve("config.json"), """
                {"architectures": ["BertModel"], "model_type": "bert", "hidden_size": 8, "num_hidden_layers": 1,
                 "num_attention_heads": 4, "intermediate_size": 16, "vocab_size": 10, "max_position_embeddings": 64,
                 "type_vocab_size": 2, "hidden_act": "gelu", "layer_norm_eps": 1e-12}
                """);
        for (String name : List.of("tokenizer.json", "train.tsv", "dev.tsv")) {
            Files.writeString(folder.resolve(name), "");
        }
        return List.of("model.path=" + folder, "data.path=" + folder, "model.init=random");
    }
}
