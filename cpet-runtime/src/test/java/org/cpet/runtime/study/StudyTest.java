package org.cpet.runtime.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.cpet.runtime.checkpoint.Json;
import org.cpet.runtime.checkpoint.NioRunFiles;
import org.cpet.runtime.checkpoint.RunDirectory;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.Paradigm;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.recipe.StandIns;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Studies whose cells are run by a stand-in: the accuracy of a run is 0.5 + r / 100 + seed / 1000, that of P alone less. */
class StudyTest {
    @TempDir
    Path folder;

    private final List<String> ran = new ArrayList<>();
    private PluginCatalog catalog;
    private int failAt = -1;

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
    void seedsGiveMeanAndDeviation() {
        JsonNode found = run("name: g\nrecipe: recipe.yaml\nseeds: [10, 20, 30]\nrows: [cpet]\ngrid: {pet.r: [4]}\n")
                .document();

        JsonNode accuracy = found.path("lines").path(0).path("metrics").path("accuracy");
        assertThat(accuracy.path("mean").asDouble()).isEqualTo(0.56);
        assertThat(accuracy.path("sd").asDouble()).isCloseTo(0.01, org.assertj.core.api.Assertions.within(1e-12));
        assertThat(accuracy.path("values")).hasSize(3);
        assertThat(found.path("complete").asBoolean()).isTrue();
    }

    @Test
    void finishedCellsAreNotRunAgain() {
        String study = "name: g\nrecipe: recipe.yaml\nrows: [cpet]\ngrid: {pet.r: [4, 8]}\n";
        String first = run(study).document().toString();
        String second = run(study).document().toString();
        run("name: g\nrecipe: recipe.yaml\nrows: [cpet]\ngrid: {pet.r: [8, 16]}\n");

        assertThat(second).isEqualTo(first);
        assertThat(ran).containsExactly("r 4", "r 8", "r 16");
    }

    @Test
    void theBestCellIsChosenByItsValidationRows() throws IOException {
        JsonNode found = run("""
                name: g
                recipe: recipe.yaml
                grid: {pet.r: [4, 16, 8]}
                select: {metric: accuracy}
                """).document();

        assertThat(found.path("selected").path("variant").asString()).isEqualTo("pet.r 16");
        assertThat(Files.readString(folder.resolve("out/selected.yaml"))).contains("r: 16");
        assertThat(Files.readString(folder.resolve("out/report.html")))
                .contains("<tr class=\"best\"><td>pet.r 16</td>")
                .contains("Selected by accuracy on the validation rows (cpet): pet.r 16.");
    }

    @Test
    void theLowestLossIsTheBest() {
        JsonNode found = run("""
                name: g
                recipe: recipe.yaml
                grid: {pet.r: [16, 4, 8]}
                select: {metric: loss}
                """).document();

        // the stand-in's loss is its rank
        assertThat(found.path("selected").path("variant").asString()).isEqualTo("pet.r 4");
    }

    @Test
    void whatTheBudgetLeftIsSaidAndDoneNextTime() throws IOException {
        String study = "name: g\nrecipe: recipe.yaml\nrows: [cpet]\ngrid: {pet.r: [4, 8, 16]}\n";
        StudyOutputs some = run(study + "budget: {cells: 2}\n");

        assertThat(some.complete()).isFalse();
        assertThat(some.notices())
                .containsExactly("not finished: 1 of 3 cells are left undone; the same command continues."
                        + " Left: pet.r 16, seed 5");
        assertThat(Files.readString(folder.resolve("out/report.html"))).contains("not finished: 1 of 3 cells");
        assertThat(run(study).complete()).isTrue();
        assertThat(ran).containsExactly("r 4", "r 8", "r 16");
    }

    @Test
    void aCellThatDivergesDoesNotStopTheOthers() {
        failAt = 8;

        StudyOutputs found = run("name: g\nrecipe: recipe.yaml\nrows: [cpet]\ngrid: {pet.r: [4, 8, 16]}\n");

        assertThat(found.failed()).isEqualTo(1);
        assertThat(found.notices()).containsExactly("failed: pet.r 8, seed 5: loss is not finite");
        assertThat(ran).containsExactly("r 4", "r 8", "r 16");
    }

    @Test
    void tablesAreWrittenForPaperAndSpreadsheet() throws IOException {
        run("name: g\nrecipe: recipe.yaml\nseeds: [10, 20]\nrows: [cpet]\ngrid: {pet.r: [4]}\n");

        assertThat(Files.readAllLines(folder.resolve("out/results.csv")))
                .startsWith("variant,pet.r,row,seed,accuracy,trainable_parameters,model_bytes,latency_ms,"
                        + "step_ms,training_bytes,adapter_bytes,cell")
                .hasSize(3)
                .element(1)
                .asString()
                .startsWith("pet.r 4,4,cpet,10,0.55,4,1000,2.5,12.5,300000000,6000,");
        assertThat(Files.readString(folder.resolve("out/tables.tex")))
                .contains("pet.r 4 & 4 & CPET & 55.50 $\\pm$ 0.71 & 55.00 to 56.00 & 2 & 4 & 0.00 & 2.50 $\\pm$ 0.00"
                        + " & 12.5 & 300 & 6.0 \\\\");
    }

    @Test
    void theReportStandsAlone() throws IOException {
        run("name: g\nrecipe: recipe.yaml\nrows: [cpet]\ngrid: {pet.r: [4, 8]}\n");

        assertThat(Files.readString(folder.resolve("out/report.html")))
                .contains("<title>g: Grid</title>", "@media print", "@media (max-width: 600px)")
                .contains("aria-label=\"accuracy, per cent\"", "<rect ", "<h2>Recipe</h2>", "<h2>Provenance</h2>")
                .contains("grid: {pet.r: [4, 8]}")
                .doesNotContain("<script", "http", "src=");
    }

    @Test
    void anotherDirectoryIsNotTakenForAStudys() throws IOException {
        Files.createDirectories(folder.resolve("out"));
        Files.writeString(folder.resolve("out/thesis.txt"), "");

        assertThatThrownBy(() -> run("name: g\nrecipe: recipe.yaml\ngrid: {pet.r: [4]}\n"))
                .isInstanceOf(CpetException.class)
                .hasMessage(folder.resolve("out") + " is not a study's directory; found thesis.txt; allowed a new or"
                        + " empty directory, or a study's");
    }

    private StudyOutputs run(String text) {
        try {
            Path file = Files.writeString(folder.resolve("study.yaml"), text);
            StudyPlan plan = StudyReader.read(file, List.of(), catalog);
            return new Study(plan, this::cell, () -> false, new StudyListener() {}).run(folder.resolve("out"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void cell(ResolvedRecipe recipe, Path directory, BooleanSupplier cancelled) {
        int rank = rank(recipe);
        ran.add("r " + rank);
        if (rank == failAt) {
            throw new CpetException(ExitCode.DIVERGED, "loss is not finite");
        }
        ObjectNode result = Json.object().put("name", recipe.name());
        ArrayNode rows = result.putArray("rows");
        ObjectNode stages = result.putObject("provenance").putObject("stages");
        for (Paradigm row : recipe.evaluation().compare()) {
            double accuracy = 0.5 + rank / 100.0 + recipe.seed() / 1000.0 - (row == Paradigm.CPET ? 0 : 0.01);
            ObjectNode node = rows.addObject().put("paradigm", row.key()).put("seed", recipe.seed());
            node.putObject("metrics").put("accuracy", accuracy);
            node.put("trainable_parameters", rank).put("model_bytes", 1000).put("latency_ms", 2.5);
            ObjectNode facts = stages.putObject(row.key());
            facts.putObject("validation").put("accuracy", accuracy).put("loss", rank);
            facts.put("step_ms", 12.5).put("training_bytes", 300_000_000L).put("adapter_bytes", 1500 * rank);
        }
        try (RunDirectory run = RunDirectory.open(
                directory, recipe.yaml(), RunDirectory.Mode.CONTINUE, new NioRunFiles(), InstantSource.system())) {
            run.finish(result);
        }
    }

    private static int rank(ResolvedRecipe recipe) {
        return recipe.yaml()
                .lines()
                .filter(line -> line.startsWith("  r: "))
                .findFirst()
                .map(line -> Integer.parseInt(line.substring(5)))
                .orElseThrow();
    }
}
