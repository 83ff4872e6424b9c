package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.cpet.it.support.CpetProcess;
import org.cpet.it.support.PluginJar;
import org.cpet.it.support.Tensors;
import org.cpet.it.support.TinyModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every class of bad input: the whole message and the exit code, from a process of its own. */
class BadInputIT {
    private static final Path EXAMPLE = CpetProcess.ROOT.resolve("plugins/cpet-example/src/main");

    @TempDir
    Path folder;

    private Path recipe;

    @BeforeEach
    void write() throws IOException {
        TinyModel.write(folder);
        recipe = Files.writeString(folder.resolve("recipe.yaml"), TinyModel.recipe());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pet.rnk=4|2|unknown key 'rnk' in pet; found rnk; allowed type, r, lora_alpha, lora_dropout, use_rslora, use_dora, init, target_modules; did you mean r?",
                "pet.r=high|2|pet.r is not a whole number; found high; allowed a whole number of at least 1",
                "pet.r=0|2|pet.r is out of range; found 0; allowed a whole number of at least 1",
                "pet.target_modules=[queery, value]|2|pet.target_modules matches no layer; found queery; allowed all-linear, or endings of layer names such as query, key, value, dense; did you mean query?",
                "data.train=none.jsonl|3|data.train: no such file; found none.jsonl; allowed a file, relative to FOLDER",
                "model.dtpe=float32|2|unknown key 'dtpe' in model; found dtpe; allowed path, task, dtype, device, init; did you mean dtype?",
            })
    void aWrongKeyOfTheRecipe(String assignment, int exitCode, String message) {
        CpetProcess validate = CpetProcess.run(folder, "validate", recipe.toString(), "--set", assignment);

        assertThat(validate.exitCode()).isEqualTo(exitCode);
        assertThat(validate.errors())
                .containsExactly(
                        "--set " + assignment + ": " + message.replace("FOLDER", folder.toString()), "1 problem");
        assertThat(validate.out()).isEmpty();
    }

    @Test
    void allProblemsTogether() throws IOException {
        Files.writeString(
                recipe, TinyModel.recipe().replace("seed: 3", "seed: 010").replace("r: 4, lora", "rr: 4, lora"));

        CpetProcess validate = CpetProcess.run(folder, "validate", recipe.toString());

        assertThat(validate.exitCode()).isEqualTo(2);
        assertThat(validate.errors())
                .containsExactly(
                        recipe + ":2:7: seed is not a whole number; found 010; allowed a whole number of at least 0",
                        recipe + ":5:19: unknown key 'rr' in pet; found rr; allowed type, r, lora_alpha, lora_dropout,"
                                + " use_rslora, use_dora, init, target_modules; did you mean r?",
                        recipe + ":13:30: unknown key 'rr' in recovery; found rr; allowed type, r, lora_alpha,"
                                + " activation, activation_by_layer, target_modules; did you mean r?",
                        "3 problems");
    }

    @Test
    void sectionsThatTheShapesOfTheModelContradict() {
        CpetProcess validate = CpetProcess.run(
                folder,
                "validate",
                recipe.toString(),
                "--set",
                "data.max_length=1000",
                "--set",
                "inheritance.on_shape_mismatch=error");

        assertThat(validate.exitCode()).isEqualTo(2);
        assertThat(validate.errors())
                .anySatisfy(
                        line -> assertThat(line)
                                .contains(
                                        "data.max_length is more than the model has positions for; found 1000; allowed up to 32"))
                .anySatisfy(line -> assertThat(line)
                        .contains("compression changes the shape of ")
                        .endsWith("; found on_shape_mismatch error; allowed slice"));
    }

    @Test
    void aBadRowAndTheSameCommandOnceItIsMended() throws IOException {
        Path rows = folder.resolve("train.jsonl");
        String good = Files.readString(rows);
        Files.writeString(rows, good + "{\"text\": \"film good\"}\n");

        CpetProcess run = CpetProcess.run(folder, "run", recipe.toString(), "--output", "run");
        Files.writeString(rows, good);
        CpetProcess mended = CpetProcess.run(folder, "run", recipe.toString(), "--output", "run");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.errors()).containsExactly(rows + ":161: field 'label' is missing; found text");
        assertThat(mended.exitCode()).as(mended.toString()).isZero();
    }

    @Test
    void aTokenizerOfAnotherModel() throws IOException {
        Path config = folder.resolve("model/config.json");
        Files.writeString(config, Files.readString(config).replaceAll("\"vocab_size\":\\d+", "\"vocab_size\":9"));

        CpetProcess run = CpetProcess.run(folder, "run", recipe.toString(), "--output", "run");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.errors())
                .containsExactly(folder.resolve("model/tokenizer.json")
                        + ": wrong tokenizer; found ids up to 21; allowed below 9, the model's vocabulary");
    }

    @Test
    void weightsThatAreCutOff() throws IOException {
        byte[] header =
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}".getBytes(StandardCharsets.UTF_8);
        byte[] cut = new byte[8 + header.length + 8];
        cut[0] = (byte) header.length;
        System.arraycopy(header, 0, cut, 8, header.length);

        refusesWeights(cut, ": tensor data is cut off; found 8 bytes; allowed 16 or more, where a ends");
    }

    @Test
    void weightsThatAreNoTensors() throws IOException {
        refusesWeights(
                "not a tensor file at all".getBytes(StandardCharsets.UTF_8),
                ": header length; found 7310503696657575790; allowed up to 16, the bytes that follow");
    }

    /** Inspecting and running say the same. */
    private void refusesWeights(byte[] bytes, String message) throws IOException {
        Path weights = Files.write(folder.resolve("model/model.safetensors"), bytes);
        for (String[] command : new String[][] {
            {"inspect", folder.resolve("model").toString()},
            {"run", recipe.toString(), "--set", "model.init=weights", "--output", "run"},
        }) {
            CpetProcess refused = CpetProcess.run(folder, command);

            assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(3);
            assertThat(refused.errors()).containsExactly(weights + message);
        }
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void aPluginForAnotherSpi() throws IOException {
        Path plugins = Files.createDirectories(folder.resolve("plugins"));
        Path jar = plugins.resolve("future.jar");
        PluginJar.compile(EXAMPLE, jar, "2.0");

        CpetProcess list = CpetProcess.run(folder, "list", "--plugins", plugins.toString());

        assertThat(list.exitCode()).isEqualTo(4);
        assertThat(list.errors()).containsExactly(jar + " was built for CPET SPI 2.0; this runtime provides 1.0");
    }

    @Test
    void twoPluginsWithOneName() throws IOException {
        Path plugins = Files.createDirectories(folder.resolve("plugins"));
        PluginJar.compile(EXAMPLE, plugins.resolve("one.jar"), "1.0");
        PluginJar.compile(renamed(), plugins.resolve("two.jar"), "1.0");

        CpetProcess list = CpetProcess.run(folder, "list", "--plugins", plugins.toString());

        assertThat(list.exitCode()).isEqualTo(4);
        String jars = "; found in " + plugins.resolve("one.jar") + " and " + plugins.resolve("two.jar")
                + "; allowed one of the two";
        assertThat(list.errors())
                .containsExactlyInAnyOrder(
                        "duplicate PET method 'shift'" + jars,
                        "duplicate compressor 'rounding'" + jars,
                        "duplicate recovery method 'diagonal'" + jars,
                        "duplicate distillation loss 'logits_l1'" + jars);
    }

    @Test
    void twoJarsWithOneClass() throws IOException {
        Path plugins = Files.createDirectories(folder.resolve("plugins"));
        PluginJar.compile(EXAMPLE, plugins.resolve("one.jar"), "1.0");
        PluginJar.compile(EXAMPLE, plugins.resolve("two.jar"), "1.0");

        CpetProcess list = CpetProcess.run(folder, "list", "--plugins", plugins.toString());

        assertThat(list.exitCode()).isEqualTo(4);
        assertThat(list.errors())
                .containsExactly("duplicate class org.cpet.plugin.example.Diagonal and 15 more; found in "
                        + plugins.resolve("one.jar") + " and " + plugins.resolve("two.jar")
                        + "; allowed one of the two");
    }

    /** The example's sources in another package: the same names from other classes. */
    private Path renamed() throws IOException {
        try (Stream<Path> files = Files.walk(EXAMPLE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy =
                        folder.resolve("copy").resolve(EXAMPLE.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.writeString(copy, Files.readString(file).replace("org.cpet.plugin.example", "org.acme.copy"));
            }
        }
        return folder.resolve("copy");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "input_ids:1x3:4 5 9999|input_ids; found 9999; allowed 0 to 205",
                "input_ids:3:4 5 6|input_ids; found shape (3); allowed two dimensions [batch, tokens], none of them 0",
                "input_ids:1x3:4 5 6, attention_mask:1x2:1 1|attention_mask; found shape (1, 2); allowed shape (1, 3) as the rest has it",
                "input_ids:1x3:4 5 6, attention_mask:1x3:1 1 7|attention_mask; found 7; allowed 0 to 1",
                "input_ids:1x3:4 5 6, labels:1x2:4 -5|labels; found -5; allowed 0 to 205, or -100 for none",
                "labels:1x2:4 5|'input_ids' is missing; found labels",
                "input_ids:1x1:4, inputs:1x1:4|unknown input tensor; found inputs; allowed attention_mask, decoder_input_ids, input_ids, labels, token_type_ids",
            })
    void tensorsThatTheModelCannotRead(String tensors, String message) throws IOException {
        Path inputs = Tensors.write(folder.resolve("inputs.safetensors"), tensors);

        CpetProcess forward = CpetProcess.run(
                folder,
                "forward",
                "--model",
                CpetProcess.ROOT.resolve("recipes/quickstart/backbone").toString(),
                "--inputs",
                inputs.toString(),
                "--outputs",
                "outputs.safetensors");

        assertThat(forward.exitCode()).as(forward.toString()).isEqualTo(3);
        assertThat(forward.errors()).containsExactly(inputs + ": " + message);
        assertThat(folder.resolve("outputs.safetensors")).doesNotExist();
    }

    @Test
    void aMisspeltCommand() {
        CpetProcess misspelt = CpetProcess.run(folder, "valdate", recipe.toString());

        assertThat(misspelt.exitCode()).isEqualTo(2);
        assertThat(misspelt.errors().get(0)).contains("did you mean validate?");
    }
}
