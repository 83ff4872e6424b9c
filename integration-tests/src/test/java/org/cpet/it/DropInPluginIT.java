package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.cpet.it.support.CpetProcess;
import org.cpet.it.support.PluginJar;
import org.cpet.it.support.TinyModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The documented example plugin, compiled here, dropped into a folder, named in a recipe. */
class DropInPluginIT {
    @TempDir
    Path folder;

    private Path plugins;

    @BeforeEach
    void compileAndDrop() throws IOException {
        plugins = Files.createDirectories(folder.resolve("plugins"));
        PluginJar.compile(
                CpetProcess.ROOT.resolve("plugins/cpet-example/src/main"), plugins.resolve("example.jar"), "1.0");
        TinyModel.write(folder);
    }

    @Test
    void itsMethodsRunFromThatJar() throws IOException {
        String recipe = TinyModel.recipe()
                .replaceAll("(?m)^pet:.*$", "pet: {type: shift, target_modules: [query, value]}")
                .replaceAll("(?ms)^compression:.*?^inheritance", "compression:\n  - rounding: {}\ninheritance")
                .replaceAll("(?m)^recovery:.*$", "recovery: {type: diagonal}")
                .replaceAll("(?m)^distillation:.*$", "distillation: {type: logits_l1}");
        Path file = Files.writeString(folder.resolve("recipe.yaml"), recipe);

        CpetProcess run = CpetProcess.run(
                folder, "run", file.toString(), "--plugins", plugins.toString(), "--output", "run", "--json");

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.json().get("rows")).hasSize(5);
        String used = run.json().get("provenance").toString();
        assertThat(used).contains("example.jar");
    }

    @Test
    void listingNamesTheJarEachMethodComesFrom() {
        CpetProcess list = CpetProcess.run(folder, "list", "--plugins", plugins.toString(), "--json");

        assertThat(list.exitCode()).isZero();
        for (String name : List.of("rounding", "shift", "diagonal", "logits_l1")) {
            JsonNode entry = list.json()
                    .valueStream()
                    .filter(one -> one.get("name").asString().equals(name))
                    .findFirst()
                    .orElseThrow();
            assertThat(entry.get("origin").asString()).contains("example.jar");
        }
    }

    @Test
    void withoutTheJarTheNamesAreUnknown() throws IOException {
        Path file = Files.writeString(
                folder.resolve("recipe.yaml"), TinyModel.recipe().replace("- int8: {}", "- rounding: {}"));

        CpetProcess validate = CpetProcess.run(folder, Map.of(), List.of(), "validate", file.toString());

        assertThat(validate.exitCode()).isEqualTo(2);
        assertThat(validate.err()).contains("no compressor named 'rounding'").contains("int8");
    }
}
