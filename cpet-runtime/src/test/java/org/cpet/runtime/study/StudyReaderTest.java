package org.cpet.runtime.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cpet.runtime.config.RecipeException;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.Paradigm;
import org.cpet.runtime.recipe.StandIns;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyReaderTest {
    @TempDir
    Path folder;

    private PluginCatalog catalog;

    @BeforeEach
    void write() throws IOException {
        ToyStudy.write(folder);
        catalog = StandIns.catalog(folder);
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    @Test
    void anAblationHasEightCombinationsBesideTheTeacher() {
        StudyPlan plan = read("name: a\nrecipe: recipe.yaml\nstudy: ablation\nseeds: [1, 2]\n");

        assertThat(plan.variants())
                .extracting(Variant::name)
                .containsExactly("teacher", "none", "I", "R", "D", "I + R", "I + D", "R + D", "I + R + D");
        assertThat(plan.cells()).hasSize(16);
        assertThat(plan.cells().get(0).title()).isEqualTo("teacher / I + R + D, seed 1");
        assertThat(plan.cells()).extracting(Cell::key).doesNotHaveDuplicates();
    }

    @Test
    void whatIsOffIsASectionThatIsAbsent() {
        StudyPlan plan = read("name: a\nrecipe: recipe.yaml\nstudy: ablation\n");

        assertThat(cell(plan, "none").recipe().yaml()).doesNotContain("inheritance:", "recovery:", "distillation:");
        assertThat(cell(plan, "I + D").recipe().yaml())
                .contains("inheritance:", "distillation:")
                .doesNotContain("recovery:");
        assertThat(cell(plan, "R").recipe().seed()).isEqualTo(5);
    }

    @Test
    void aGridIsEveryCombination() {
        StudyPlan plan = read("""
                name: g
                recipe: recipe.yaml
                grid:
                  training.learning_rate: [1.0e-3, 5.0e-4]
                  compression:
                    q: [int8]
                    sp: [{structured_pruning: {ffn: 0.5}}]
                variants:
                  plain: {recovery: null}
                  wide: {recovery.r: 16, pet.r: 16}
                """);

        assertThat(plan.variants())
                .extracting(Variant::name)
                .hasSize(8)
                .startsWith(
                        "training.learning_rate 1.0e-3, compression q, plain",
                        "training.learning_rate 1.0e-3, compression q, wide");
        assertThat(plan.cells().get(7).recipe().yaml())
                .contains("learning_rate: 5.0e-4", "structured_pruning", "r: 16")
                .doesNotContain("int8");
    }

    @Test
    void variantsThatDifferInTheirRowsAloneShareARunThatMeasuresAllOfThem() {
        StudyPlan plan = read("""
                name: g
                recipe: recipe.yaml
                variants:
                  first: {evaluation.compare: [compressed]}
                  second: {evaluation.compare: [compressed_pet, cpet]}
                """);

        assertThat(plan.cells()).hasSize(1);
        assertThat(plan.cells().get(0).recipe().evaluation().compare())
                .containsExactly(Paradigm.COMPRESSED, Paradigm.COMPRESSED_PET, Paradigm.CPET);
        assertThat(plan.variants())
                .extracting(Variant::rows)
                .containsExactly(List.of(Paradigm.COMPRESSED), List.of(Paradigm.COMPRESSED_PET, Paradigm.CPET));
    }

    @Test
    void keysFollowContentsAndNothingElse() throws IOException {
        StudyPlan one = read("name: a\nrecipe: recipe.yaml\ngrid: {pet.r: [4, 8]}\n");
        StudyPlan other = read("name: b\nrecipe: recipe.yaml\ngrid: {pet.r: [8, 16]}\n");
        Files.writeString(folder.resolve("data/train.tsv"), "sentence\tlabel\nbad\t0\n");
        StudyPlan changed = read("name: a\nrecipe: recipe.yaml\ngrid: {pet.r: [4, 8]}\n");

        assertThat(one.cells().get(1).key()).isEqualTo(other.cells().get(0).key());
        assertThat(changed.cells()).extracting(Cell::key).doesNotContainAnyElementsOf(keys(one));
    }

    @Test
    void stagesAreSharedWhereTheirSectionsAreEqual() {
        StudyPlan plan = read("name: a\nrecipe: recipe.yaml\ngrid: {recovery.r: [4, 8], pet.r: [2, 4]}\n");
        List<Cell> cells = plan.cells();

        assertThat(teacher(cells.get(0))).isEqualTo(teacher(cells.get(2))).isNotEqualTo(teacher(cells.get(1)));
        assertThat(cells.get(0).stages().get(org.cpet.runtime.recipe.Paradigm.CPET))
                .isNotEqualTo(cells.get(2).stages().get(org.cpet.runtime.recipe.Paradigm.CPET));
    }

    @Test
    void controlsAreAsDescribedAndMatched() {
        StudyPlan plan = read("name: p\nrecipe: recipe.yaml\nstudy: grid\ngrid: {pet.r: [4]}\n");

        // T5-3B at rank 8: P 5,898,240, R 25,165,824, so equal parameters need rank 42
        assertThat(ParameterControl.matchedRank(8, 5_898_240, 25_165_824)).isEqualTo(42);
        assertThat(plan.cells()).hasSize(1);
    }

    @Test
    void everyProblemIsSaidAtOnceAtItsPlace() {
        Throwable failure = catchThrowable(() -> read("""
                name: a b
                recipe: recipe.yaml
                seed: [1]
                grid:
                  training.learning_rate: [0.1, -1]
                  compression: []
                """));

        assertThat(failure).isInstanceOf(RecipeException.class);
        assertThat(failure.getMessage().lines())
                .containsExactly(
                        at("study.yaml:1:7: ")
                                + "name is not fit for a directory; found a b; allowed letters, digits, '.', '_' and"
                                + " '-', at most 100",
                        at("study.yaml:3:1: ")
                                + "unknown key 'seed'; found seed; allowed recipe, set, grid, variants, compressors,"
                                + " ideal, dense_candidates, name, study, seeds, rows, select, budget, small_model,"
                                + " controls, nonlinear_pet; did you mean seeds?",
                        at("study.yaml:5:33: ")
                                + "training.learning_rate is out of range; found -1; allowed a number above 0",
                        at("study.yaml:6:16: ")
                                + "grid.compression has no values; found []; allowed a list of values, or names with"
                                + " values",
                        "4 problems");
        assertThat(((CpetException) failure).exitCode()).isEqualTo(ExitCode.RECIPE);
    }

    @Test
    void everyVariantIsCheckedAgainstThePlugins() {
        assertThatThrownBy(() -> read("""
                name: a
                recipe: recipe.yaml
                grid:
                  pet.rank: [4]
                  training.learning_rate: [0.1, -1]
                """))
                .isInstanceOf(RecipeException.class)
                .hasMessage(String.join(
                        "\n",
                        at("study.yaml:4:14: ")
                                + "unknown key 'rank' in pet; found rank; allowed type, r, lora_alpha,"
                                + " lora_dropout, target_modules",
                        at("study.yaml:5:33: ")
                                + "training.learning_rate is out of range; found -1; allowed a number above 0",
                        "2 problems"));
    }

    @Test
    void whatAnotherStudyReadsIsRefused() {
        assertThatThrownBy(() -> read("name: a\nrecipe: recipe.yaml\nstudy: ablation\ngrid: {pet.r: [4]}\n"))
                .hasMessage(
                        at("study.yaml:4:1: ") + "'grid' is not for study 'ablation'; allowed study: grid\n1 problem");
    }

    @Test
    void anAblationNeedsWhatItTakesOut() {
        assertThatThrownBy(() -> read(
                        "name: a\nrecipe: recipe.yaml\nset: {recovery: null, distillation: null}\nstudy: ablation\n"))
                .hasMessage(String.join(
                        "\n",
                        at("study.yaml:4:8: ") + "study 'ablation' needs section 'distillation' in the recipe",
                        at("study.yaml:4:8: ") + "study 'ablation' needs section 'recovery' in the recipe",
                        "2 problems"));
    }

    @Test
    void aMissingRecipeFileIsAnInputProblem() {
        assertThatThrownBy(() -> read("name: a\nrecipe: nowhere.yaml\nstudy: latency\n"))
                .hasMessage(at("study.yaml:2:9: ") + "recipe: no such file; found nowhere.yaml; allowed a recipe file,"
                        + " relative to " + folder + "\n1 problem");
    }

    @Test
    void aStudyThatVariesNothingIsRefused() {
        assertThatThrownBy(() -> read("name: a\nrecipe: recipe.yaml\n"))
                .hasMessage(at("study.yaml:1:1: ")
                        + "the study has nothing to vary; allowed 'grid', 'variants', or 'study: ablation' and the"
                        + " like\n1 problem");
    }

    private StudyPlan read(String text) {
        try {
            return StudyReader.read(Files.writeString(folder.resolve("study.yaml"), text), List.of(), catalog);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private String at(String place) {
        return folder + "/" + place;
    }

    private static Cell cell(StudyPlan plan, String variant) {
        return plan.cells().stream()
                .filter(cell -> cell.variants().contains(variant))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> keys(StudyPlan plan) {
        return plan.cells().stream().map(Cell::key).toList();
    }

    private static String teacher(Cell cell) {
        return cell.stages().get(org.cpet.runtime.recipe.Paradigm.TEACHER);
    }
}
