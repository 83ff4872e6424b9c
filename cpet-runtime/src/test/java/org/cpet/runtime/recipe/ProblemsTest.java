package org.cpet.runtime.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.config.RecipeException;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.spi.ExitCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users read when a recipe is wrong; {@code FOLDER} stands for the recipe's folder. */
class ProblemsTest {
    private static final String HEAD = """
            name: broken
            model: {path: model, task: seq_cls}
            data: {dataset: glue/sst2, path: data}
            teacher: {training: {learning_rate: 1e-3, epochs: 1, batch_size: 8}}
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
    void unknownKeySuggestsTheNearest() {
        assertProblems(
                HEAD + "pet: {type: lora, lora_alfa: 16, target_modules: [query]}\n",
                "<recipe>:5:19: unknown key 'lora_alfa' in pet; found lora_alfa;"
                        + " allowed type, r, lora_alpha, lora_dropout, target_modules; did you mean lora_alpha?",
                "1 problem");
    }

    @Test
    void unknownKeyFarFromAllListsThem() {
        assertProblems(
                HEAD + "pet: {type: lora, colour: red, target_modules: [query]}\n",
                "<recipe>:5:19: unknown key 'colour' in pet; found colour;"
                        + " allowed type, r, lora_alpha, lora_dropout, target_modules",
                "1 problem");
    }

    @Test
    void unknownSectionSuggestsTheNearest() {
        assertProblems(
                HEAD + "pets: {type: lora}\n",
                "<recipe>:1:1: the recipe does nothing; allowed pet with teacher, compression",
                "<recipe>:4:1: teacher needs section 'pet'",
                "<recipe>:5:1: unknown section 'pets'; found pets; allowed name, seed, model, data, pet, teacher,"
                        + " estimation, compression, healing, inheritance, recovery, distillation, task_loss, training,"
                        + " evaluation, export, gates; did you mean pet?",
                "3 problems");
    }

    @Test
    void compressionWithoutDataMeasuresNothing() {
        assertProblems(
                "name: broken\nmodel: {path: model, task: seq_cls}\ncompression: [int8]\n",
                "<recipe>:1:1: without section 'data' the recipe has nothing to measure;"
                        + " allowed section 'data', or cpet compress, which writes the compressed model",
                "1 problem");
    }

    @Test
    void wrongTypesAreFoundAsWritten() {
        assertProblems(
                HEAD + """
                        pet:
                          type: lora
                          r: "8"
                          lora_alpha: sixteen
                          lora_dropout: [0.1]
                          target_modules: {query: 1}
                        """,
                "<recipe>:7:6: pet.r is not a whole number; found \"8\"; allowed a whole number of at least 1",
                "<recipe>:8:15: pet.lora_alpha is not a finite number; found sixteen; allowed a number above 0",
                "<recipe>:9:17: pet.lora_dropout is not a number; found [0.1]; allowed a number of at least 0 and below 1",
                "<recipe>:10:19: pet.target_modules is not a text; found {query: 1}; allowed a list, each a text",
                "4 problems");
    }

    @Test
    void numbersThatCanBeMisreadAreRefused() {
        assertProblems(
                """
                        name: broken
                        seed: 1_000
                        model: {path: model, task: seq_cls}
                        data: {dataset: glue/sst2, path: data, max_length: 010}
                        pet: {type: lora, r: 8.0, lora_alpha: .nan, target_modules: [query]}
                        teacher:
                          training:
                            learning_rate: 1.0e999
                            weight_decay: .inf
                            warmup_ratio: 1e-400
                            epochs: 0x10
                            batch_size: 99999999999
                        """,
                "<recipe>:2:7: seed is not a whole number; found 1_000; allowed a whole number of at least 0",
                "<recipe>:4:52: data.max_length is not a whole number; found 010; allowed a whole number of at least 1",
                "<recipe>:5:22: pet.r is not a whole number; found 8.0; allowed a whole number of at least 1",
                "<recipe>:5:39: pet.lora_alpha is not a finite number; found .nan; allowed a number above 0",
                "<recipe>:8:20: teacher.training.learning_rate is not a finite number; found 1.0e999;"
                        + " allowed a number above 0",
                "<recipe>:9:19: teacher.training.weight_decay is not a finite number; found .inf;"
                        + " allowed a number of at least 0",
                "<recipe>:10:19: teacher.training.warmup_ratio is not a finite number; found 1e-400;"
                        + " allowed a number from 0 to 1",
                "<recipe>:11:13: teacher.training.epochs is not a whole number; found 0x10;"
                        + " allowed a whole number of at least 1",
                "<recipe>:12:17: teacher.training.batch_size is out of range; found 99999999999;"
                        + " allowed a whole number of at least 1",
                "9 problems");
    }

    @Test
    void valuesOutOfRangeNameTheRange() {
        assertProblems(
                HEAD + "pet: {type: lora, r: 0, lora_alpha: 0.0, lora_dropout: 1, target_modules: [query]}\n",
                "<recipe>:5:22: pet.r is out of range; found 0; allowed a whole number of at least 1",
                "<recipe>:5:37: pet.lora_alpha is out of range; found 0.0; allowed a number above 0",
                "<recipe>:5:56: pet.lora_dropout is out of range; found 1; allowed a number of at least 0 and below 1",
                "3 problems");
    }

    @Test
    void missingSectionsAndKeysAreNamed() {
        assertProblems(
                "pet: {type: lora}\n",
                "<recipe>:1:1: missing key 'name'; allowed a text",
                "<recipe>:1:1: missing section 'model'; allowed a section with path, task, dtype, device, init",
                "<recipe>:1:1: pet needs section 'data'",
                "<recipe>:1:1: pet needs section 'teacher'; allowed teacher with training",
                "<recipe>:1:6: missing key 'target_modules' in pet; allowed a list, each a text",
                "5 problems");
    }

    @Test
    void valuesOutsideAListSuggestTheNearest() {
        assertProblems(
                """
                        name: broken
                        model: {path: model, task: seq_clas, device: gpu}
                        compression: [int8: {activations: dynamik}]
                        evaluation: {metrics: [f1: {average: macr}]}
                        """,
                "<recipe>:2:28: unknown value of model.task; found seq_clas;"
                        + " allowed seq_cls, causal_lm, seq2seq_lm; did you mean seq_cls?",
                "<recipe>:3:35: unknown value of compression.0.int8.activations; found dynamik;"
                        + " allowed dynamic, none; did you mean dynamic?",
                "<recipe>:4:38: unknown value of evaluation.metrics.0.f1.average; found macr;"
                        + " allowed auto, macro; did you mean macro?",
                "3 problems");
    }

    @Test
    void devicesHaveAForm() {
        assertProblems(
                "name: broken\nmodel: {path: model, task: seq_cls, device: 'cuda:x'}\ncompression: [int8]\n",
                "<recipe>:2:45: unknown value of model.device; found cuda:x; allowed auto, cpu, cuda, cuda:N;"
                        + " did you mean cuda:N?",
                "1 problem");
    }

    @Test
    void unknownMethodsListTheirJars() {
        assertProblems(
                "name: broken\nmodel: {path: model, task: seq_cls}\ncompression:\n  - int4\n  - pruning: {}\n",
                "<recipe>:4:5: no compressor named 'int4'; found int4; allowed int8 (cpet-stand-ins-0.1.0.jar),"
                        + " structured_pruning (cpet-stand-ins-0.1.0.jar); did you mean int8?",
                "<recipe>:5:5: no compressor named 'pruning'; found pruning; allowed int8 (cpet-stand-ins-0.1.0.jar),"
                        + " structured_pruning (cpet-stand-ins-0.1.0.jar); did you mean structured_pruning?",
                "2 problems");
    }

    @Test
    void entriesOfCompressionNameOneMethodEach() {
        assertProblems(
                """
                        name: broken
                        model: {path: model, task: seq_cls}
                        compression:
                          - {int8: {}, structured_pruning: {}}
                          - 3: {}
                          - int8: none
                          -
                        """,
                "<recipe>:4:5: compression.0 names several methods in one entry; found int8, structured_pruning;"
                        + " allowed one name with its options in each entry, as - name: {key: value}",
                "<recipe>:5:5: no compressor named '3'; found 3; allowed int8 (cpet-stand-ins-0.1.0.jar),"
                        + " structured_pruning (cpet-stand-ins-0.1.0.jar)",
                "<recipe>:6:11: compression.2.int8 is not a section; found none;"
                        + " allowed its options, as {key: value}",
                "<recipe>:7:4: compression.3 names no compressor; found nothing;"
                        + " allowed one name with its options in each entry, as - name: {key: value}",
                "4 problems");
    }

    @Test
    void missingFilesAreInputProblems() {
        RecipeException problems = assertProblems(
                """
                        name: broken
                        model: {path: modell, task: seq_cls}
                        data: {dataset: glue/sst2, path: nowhere}
                        pet: {type: lora, target_modules: [query]}
                        teacher: {adapter: model}
                        compression: [structured_pruning: {keep: kept.json}]
                        training: {learning_rate: 1e-3, epochs: 1, batch_size: 8}
                        """,
                "<recipe>:2:15: model.path: no such directory; found modell;"
                        + " allowed a directory with config.json, tokenizer.json, relative to FOLDER",
                "<recipe>:3:34: data.path: no such directory; found nowhere; allowed a directory, relative to FOLDER",
                "<recipe>:5:20: teacher.adapter: no adapter_config.json in the directory; found model;"
                        + " allowed a directory with adapter_config.json, adapter_model.safetensors, relative to FOLDER",
                "<recipe>:6:42: compression.0.structured_pruning.keep: no such file; found kept.json;"
                        + " allowed a file, relative to FOLDER",
                "4 problems");
        assertThat(problems.exitCode()).isEqualTo(ExitCode.INPUT);
    }

    @Test
    void aFileAloneLeavesNothingToMeasureOn() {
        String recipe = """
                        name: alone
                        model: {path: model, task: seq_cls}
                        data: {dataset: glue/sst2, train: data/train.tsv%s}
                        pet: {type: lora, target_modules: [query]}
                        teacher: {training: {learning_rate: 1e-3, epochs: 1, batch_size: 8}}
                        """;

        assertProblems(
                recipe.formatted(""),
                "<recipe>:3:7: data has no rows to measure on; allowed a validation file, a test file,"
                        + " test_rows to be cut out of train",
                "1 problem");
        assertThatCode(() -> Recipes.resolve(
                        RecipeSource.text(recipe.formatted(", test_rows: 10"), folder), List.of(), catalog))
                .doesNotThrowAnyException();
    }

    @Test
    void sectionsNeedEachOther() {
        assertProblems(
                """
                        name: broken
                        model: {path: model, task: seq_cls}
                        data: {dataset: jsonl, test: data/dev.tsv}
                        pet: {type: lora, target_modules: [query]}
                        inheritance: {}
                        recovery: {type: bottleneck}
                        distillation: {type: logits_mse}
                        training: {learning_rate: 1e-3, epochs: 1, max_steps: 7, batch_size: 8}
                        evaluation: {compare: [teacher, cpet]}
                        gates:
                          - {metric: f1, paradigm: inherited, min: 0.5}
                        """,
                "<recipe>:3:7: missing key 'fields' in data;"
                        + " allowed {text: A or [A, B], label: L}, {prompt: P, completion: C}",
                "<recipe>:4:1: pet needs section 'teacher'; allowed teacher with training",
                "<recipe>:5:1: inheritance needs section 'compression'",
                "<recipe>:5:1: inheritance needs section 'teacher'",
                "<recipe>:6:1: recovery needs section 'compression'",
                "<recipe>:7:1: distillation needs section 'compression'",
                "<recipe>:7:1: distillation needs section 'teacher'",
                "<recipe>:8:1: training needs section 'compression';"
                        + " allowed teacher: {training: ...} for a model that is not compressed",
                "<recipe>:8:11: training needs exactly one of 'epochs' and 'max_steps'",
                "<recipe>:9:24: row teacher needs teacher; found teacher; allowed none",
                "<recipe>:9:33: row cpet needs compression; found cpet; allowed none",
                "<recipe>:11:14: gate on a metric that is not measured; found f1; allowed accuracy",
                "<recipe>:11:28: gate on a row that is not in the table; found inherited; allowed teacher, cpet",
                "13 problems");
    }

    @Test
    void targetsThatMatchNothingSuggestTheNearest() {
        assertProblems(
                HEAD + """
                        pet: {type: lora, target_modules: [query, valu]}
                        compression: [int8]
                        recovery:
                          type: bottleneck
                          target_modules: 0.query
                          r: 0
                        training: {learning_rate: 1e-3, epochs: 1, batch_size: 8}
                        """,
                "<recipe>:5:43: pet.target_modules matches no layer; found valu;"
                        + " allowed all-linear, or endings of layer names such as query, value, ffn;"
                        + " did you mean value?",
                "<recipe>:10:6: recovery.r is out of range; found 0; allowed a whole number of at least 1",
                "2 problems");
    }

    @Test
    void compressorsThatDoNotFitTogetherAreFoundFromTheLayout() {
        assertProblems(
                "name: broken\nmodel: {path: model, task: seq_cls}\ncompression: [int8, structured_pruning]\n",
                "<recipe>:3:21: structured_pruning cannot narrow layer.0.query; found int8; allowed before int8",
                "1 problem");
    }

    @Test
    void healingNeedsDenseWeightsAndSomethingToRead() {
        String training = "training: {learning_rate: 1e-3, epochs: 1, batch_size: 8}";
        assertProblems(
                "name: broken\nmodel: {path: model, task: seq_cls}\ncompression: [structured_pruning, int8]\n"
                        + "healing: {losses: [logits_mse], " + training + "}\n",
                "<recipe>:4:1: healing needs something to read; allowed healing.text, or section 'data'",
                "<recipe>:4:19: healing knows no task, so a classifier's logits mean nothing in it; found logits_mse;"
                        + " allowed losses of hidden states, such as last_hidden_mse",
                "2 problems");
        assertProblems(
                "name: broken\nmodel: {path: model, task: seq_cls}\ndata: {dataset: glue/sst2, path: data}\n"
                        + "compression: [int8]\nhealing: {losses: [logits_mse], " + training + "}\n",
                "<recipe>:5:10: healing trains the weights that compression left, before they are packed, and nothing"
                        + " comes before that; found int8 as the first compressor; allowed pruning or experts before"
                        + " it, or no healing",
                "<recipe>:5:19: healing knows no task, so a classifier's logits mean nothing in it; found logits_mse;"
                        + " allowed losses of hidden states, such as last_hidden_mse",
                "2 problems");
    }

    @Test
    void aPetThatIsNoLinearMapCannotBeProjected() {
        assertProblems(
                HEAD + "pet: {type: lora, target_modules: [query]}\ncompression: [int8]\n"
                        + "inheritance: {on_shape_mismatch: project}\n"
                        + "training: {learning_rate: 1e-3, epochs: 1, batch_size: 8}\n",
                "<recipe>:7:34: on_shape_mismatch: project fits low-rank modules by least squares, and lora gives out no"
                        + " linear map of what a layer reads; found pet lora; allowed slice, which carries it over by"
                        + " kept indices, or a PET with low-rank modules such as lora",
                "1 problem");
    }

    @Test
    void aModelOfNoKnownFamilyIsAnInputProblem() throws IOException {
        Files.writeString(folder.resolve("model/config.json"), "{\"model_type\": \"stand_on\"}");

        assertProblems(
                "name: broken\nmodel: {path: model, task: seq_cls}\ncompression: [int8]\n",
                "<recipe>:2:15: FOLDER/model/config.json: 'model_type'; found stand_on; allowed stand_in;"
                        + " did you mean stand_in?",
                "1 problem");
    }

    @Test
    void overridesHaveAPlaceOfTheirOwn() {
        assertProblems(
                HEAD + "pet: {type: lora, target_modules: [query]}\ncompression: [int8]\n",
                List.of("pet.r=zero", "pet.rnk=4", "compression.7=int8", "seed", "model.task=[", "training.epochs=1"),
                "--set compression.7=int8: no such item of the list compression; found 7; allowed 0 to 1",
                "--set model.task=[: not valid YAML: while parsing a flow node: expected the node content,"
                        + " but found '<stream end>'",
                "--set seed: not an assignment; found seed; allowed a path of keys as in a.b=c",
                "3 problems");
    }

    @Test
    void overriddenValuesAreCheckedLikeWrittenOnes() {
        assertProblems(
                HEAD + "pet: {type: lora, target_modules: [query]}\n",
                List.of("pet.r=zero", "pet.rnk=4", "training.epochs=1"),
                "--set pet.r=zero: pet.r is not a whole number; found zero; allowed a whole number of at least 1",
                "--set pet.rnk=4: unknown key 'rnk' in pet; found rnk;"
                        + " allowed type, r, lora_alpha, lora_dropout, target_modules; did you mean r?",
                "--set training.epochs=1: missing key 'batch_size' in training;"
                        + " allowed a whole number of at least 1",
                "--set training.epochs=1: missing key 'learning_rate' in training; allowed a number above 0",
                "--set training.epochs=1: training needs section 'compression';"
                        + " allowed teacher: {training: ...} for a model that is not compressed",
                "5 problems");
    }

    @Test
    void objectsHaveTheirPathAsPlace() {
        RecipeException problems = catchThrowableOfType(
                RecipeException.class,
                () -> Recipes.resolve(
                        RecipeSource.objects(
                                Map.of("name", "broken", "model", Map.of("path", "model", "task", 7)), folder),
                        List.of("compression.0=int8"),
                        catalog));

        assertThat(problems).hasMessage("""
                <recipe>:model.task: unknown value of model.task; found 7; allowed seq_cls, causal_lm, seq2seq_lm
                1 problem""");
    }

    private RecipeException assertProblems(String recipe, String... lines) {
        return assertProblems(recipe, List.of(), lines);
    }

    private RecipeException assertProblems(String recipe, List<String> overrides, String... lines) {
        RecipeException problems = catchThrowableOfType(
                RecipeException.class, () -> Recipes.resolve(RecipeSource.text(recipe, folder), overrides, catalog));

        assertThat(problems.getMessage().lines())
                .containsExactlyElementsOf(Arrays.stream(lines)
                        .map(line -> line.replace("FOLDER", folder.toString()))
                        .toList());
        return problems;
    }
}
