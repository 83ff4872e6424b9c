package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.ImmutableLongArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cpet.it.support.Shared;
import org.cpet.runtime.Cpet;
import org.cpet.runtime.MultiTaskModel;
import org.cpet.runtime.MultiTaskModel.Question;
import org.cpet.runtime.engine.DeviceChoice;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.engine.TensorLoader;
import org.cpet.runtime.engine.safetensors.SafetensorsFile;
import org.cpet.runtime.engine.safetensors.SafetensorsWriter;
import org.cpet.runtime.generate.Generation;
import org.cpet.runtime.generate.TokenChoice;
import org.cpet.runtime.interop.InitialValues;
import org.cpet.runtime.interop.ModelLineage;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.script.Methods;
import org.cpet.runtime.script.OpenedModel;
import org.cpet.runtime.script.ScriptContext;
import org.cpet.runtime.script.TensorFiles;
import org.cpet.runtime.serve.AdapterLoader;
import org.cpet.runtime.serve.AdapterRack;
import org.cpet.runtime.serve.ServedAdapter;
import org.cpet.spi.CpetException;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.GenerativeModel;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters of every kind beside each other on one model, switched and mixed within a batch. */
class MixedBatchTest {
    /** The same sums in another order, for logits of up to 6. */
    private static final double CLOSE = 1e-5;

    @TempDir
    Path temp;

    private PluginCatalog catalog;
    private EngineSession engine;
    private ScriptContext context;

    @BeforeEach
    void open() {
        catalog = PluginCatalog.discover(getClass().getClassLoader(), List.of());
        engine = EngineSession.openPlain(DeviceChoice.parse("cpu"), 1);
        context = new ScriptContext(engine, 1, notice -> {});
    }

    @AfterEach
    void close() {
        engine.close();
        catalog.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert_cls",
                "roberta_cls",
                "llama_mha_untied",
                "llama_gqa_tied",
                "t5_v10_relu_tied",
                "t5_v11_gated_untied"
            })
    void everyRowOfAMixedBatchGetsWhatItsAdapterGivesAlone(String fixture) {
        Path directory = Shared.path("fixtures/" + fixture);
        try (OpenedModel opened = OpenedModel.open(directory, DataType.FLOAT32, engine, catalog, context);
                AdapterRack rack = rack(directory, opened)) {
            TokenBatch all = TensorFiles.batch(
                    directory.resolve("golden/inputs.safetensors"),
                    engine,
                    engine.manager(),
                    opened.model().layout());
            List<String> names = rowsOfAll(rack);

            List<float[]> mixed =
                    engine.ops().withoutGradients(() -> rack.mixed(names, rows -> logits(rack, all, rows)));

            for (String name : rack.names()) {
                rack.select(name);
                List<float[]> alone = logits(
                        rack, all, IntStream.range(0, names.size()).boxed().toList());
                for (int row = 0; row < names.size(); row++) {
                    if (names.get(row).equals(name)) {
                        assertClose(mixed.get(row), alone.get(row), name + " in row " + row);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama_mha_untied", "llama_gqa_tied", "t5_v10_relu_tied", "t5_v11_gated_untied"})
    void aMixedBatchWritesWhatEachAdapterWritesAlone(String fixture) {
        Path directory = Shared.path("fixtures/" + fixture);
        try (OpenedModel opened = OpenedModel.open(directory, DataType.FLOAT32, engine, catalog, context);
                AdapterRack rack = rack(directory, opened)) {
            List<String> names = rowsOfAll(rack);
            List<ImmutableLongArray> mixed = rack.mixed(names, rows -> written(rack, rows));

            for (int row = 0; row < names.size(); row++) {
                rack.select(names.get(row));
                assertThat(written(rack, List.of(row)))
                        .as(names.get(row) + " in row " + row)
                        .containsExactly(mixed.get(row));
            }
        }
    }

    /** Virtual tokens in the cache are those of a whole pass. */
    @ParameterizedTest
    @ValueSource(strings = {"llama_mha_untied", "llama_gqa_tied"})
    void theCacheGivesWhatTheWholeTextGives(String fixture) {
        Path directory = Shared.path("fixtures/" + fixture);
        Ops.Scope scope = engine.ops().scope();
        try (OpenedModel opened = OpenedModel.open(directory, DataType.FLOAT32, engine, catalog, context);
                AdapterRack rack = rack(directory, opened);
                scope) {
            long[] text = {5, 9, 11, 20, 33, 2};
            for (String name : rack.names()) {
                rack.select(name);
                GenerativeModel model = (GenerativeModel) rack.model();
                try (GenerativeModel.Decoding decoding = model.decode(batch(text, 2), ForwardMode.EXACT)) {
                    for (int at = 2; at < text.length; at++) {
                        decoding.append(engine.manager().create(new long[] {text[at]}));
                    }
                    NDArray whole = model.forward(batch(text, text.length), ForwardMode.EXACT)
                            .requireLogits()
                            .get(":, -1");
                    assertClose(decoding.logits().toFloatArray(), whole.toFloatArray(), name);
                }
            }
        }
    }

    private TokenBatch batch(long[] text, int tokens) {
        long[] ids = Arrays.copyOf(text, tokens);
        return TokenBatch.of(
                engine.manager().create(new long[][] {ids}),
                engine.manager().ones(new Shape(1, tokens), DataType.INT64));
    }

    @Test
    void headsOfDifferentClassesAnswerInOneBatch() throws IOException {
        Path directory = Shared.path("fixtures/bert_cls");
        try (OpenedModel opened = OpenedModel.open(directory, DataType.FLOAT32, engine, catalog, context);
                AdapterRack rack = rack(directory, opened)) {
            twoClasses(directory.resolve("golden/lora"));
            rack.add("two classes", model -> loader(directory).load(temp, model));
            assertThat(rack.labels("lora")).contains(3);
            assertThat(rack.labels("two classes")).contains(2);
            assertThat(rack.labels("short prompt")).isEmpty();

            TokenBatch all = TensorFiles.batch(
                    directory.resolve("golden/inputs.safetensors"),
                    engine,
                    engine.manager(),
                    opened.model().layout());
            List<float[]> mixed = rack.mixed(
                    List.of("two classes", "lora", AdapterRack.NONE, "two classes"), rows -> logits(rack, all, rows));
            rack.select("lora");
            float[] three = logits(rack, all, List.of(0)).get(0);

            assertThat(mixed.get(0)).hasSize(3).endsWith(0f);
            assertClose(Arrays.copyOf(mixed.get(0), 2), Arrays.copyOf(three, 2), "two of three classes");
        }
    }

    /** The same adapter without its last class. */
    private void twoClasses(Path adapter) throws IOException {
        Files.copy(adapter.resolve("adapter_config.json"), temp.resolve("adapter_config.json"));
        SafetensorsFile file = SafetensorsFile.open(adapter.resolve("adapter_model.safetensors"));
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        try (TensorLoader loaded = engine.loader(file)) {
            for (String name : file.tensors().keySet()) {
                NDArray tensor = loaded.load(name, engine.manager());
                tensors.put(
                        name, name.contains("classifier") ? engine.ops().select(tensor, 0, new int[] {0, 1}) : tensor);
            }
        }
        SafetensorsWriter.write(temp.resolve("adapter_model.safetensors"), tensors, Map.of("format", "pt"));
    }

    @Test
    void theEmbeddingApiAnswersQuestionsOfSeveralTasks() {
        Path directory = Shared.path("fixtures/bert_cls");
        Map<String, Path> adapters = new LinkedHashMap<>();
        for (String kind : List.of("lora", "prefix", "prompt")) {
            adapters.put(kind, directory.resolve("golden").resolve(kind));
        }
        try (Cpet cpet = Cpet.builder().device("cpu").threads(1).build();
                MultiTaskModel model = cpet.open(directory, adapters)) {
            List<Question> questions = List.of(
                    Question.of("prompt", "w5 w9 w11"),
                    Question.of("lora", "w5 w9"),
                    Question.of(MultiTaskModel.NO_ADAPTER, "w7"),
                    Question.of("prefix", "w12 w9 w11 w6"),
                    Question.of("prompt", "w8"));
            List<double[]> together = model.classify(questions);

            for (int i = 0; i < questions.size(); i++) {
                assertThat(model.classify(List.of(questions.get(i))).get(0))
                        .as("question " + i)
                        .containsExactly(together.get(i), within(CLOSE));
            }
            assertThatThrownBy(() -> model.classify(List.of(Question.of("promt", "w5"))))
                    .isInstanceOf(CpetException.class)
                    .hasMessage("no such adapter; found 'promt'; allowed lora, prefix, prompt; did you mean prompt?");
        }
    }

    @Test
    void switchingTakesWellUnderAMillisecond() {
        Path directory = Shared.path("fixtures/t5_v11_gated_untied");
        try (OpenedModel opened = OpenedModel.open(directory, DataType.FLOAT32, engine, catalog, context);
                AdapterRack rack = rack(directory, opened)) {
            List<String> names = rack.names();
            long[] nanos = new long[200];
            for (int i = 0; i < nanos.length; i++) {
                long start = System.nanoTime();
                rack.select(names.get(i % names.size()));
                nanos[i] = System.nanoTime() - start;
            }
            Arrays.sort(nanos);
            // loose: references move, no tensor does; a busy machine is forgiven by the median
            assertThat(nanos[nanos.length / 2]).as("median switch in ns").isLessThan(1_000_000);
        }
    }

    /** The golden adapters of a model, and what they leave out: other lengths, and a kind that changes the model itself. */
    private AdapterRack rack(Path directory, OpenedModel opened) {
        AdapterRack rack = new AdapterRack(opened.model());
        AdapterLoader loader = loader(directory);
        for (String kind : List.of("lora", "lora2", "ia3", "prefix", "prompt")) {
            rack.add(kind, model -> loader.load(directory.resolve("golden").resolve(kind), model));
        }
        fresh(rack, "short prefix", "prefix", Map.of("num_virtual_tokens", 2));
        fresh(rack, "short prompt", "prompt", Map.of("num_virtual_tokens", 3));
        fresh(rack, "bitfit", "bitfit", Map.of());
        return rack;
    }

    private AdapterLoader loader(Path directory) {
        return new AdapterLoader(
                engine,
                catalog,
                context,
                ModelLineage.of(directory, ModelDirectory.open(directory).weights()),
                InitialValues.ofModel(ModelDirectory.open(directory)));
    }

    private void fresh(AdapterRack rack, String name, String method, Map<String, Object> options) {
        rack.add(
                name,
                model -> ServedAdapter.of(
                        model,
                        List.of(Methods.pet(catalog, method, options, context).attach(model))));
    }

    /** Each adapter twice and the bare model once, in an order without order. */
    private static List<String> rowsOfAll(AdapterRack rack) {
        List<String> names = new ArrayList<>(Stream.of(rack.names(), rack.names(), List.of(AdapterRack.NONE))
                .flatMap(List::stream)
                .toList());
        Collections.shuffle(names, new Random(5));
        return names;
    }

    /** Logits of each row; row i reads row i mod 4 of the inputs. */
    private List<float[]> logits(AdapterRack rack, TokenBatch all, List<Integer> rows) {
        Ops.Scope scope = engine.ops().scope();
        try (scope) {
            NDArray logits = engine.ops()
                    .withoutGradients(() -> rack.model()
                            .forward(pick(all, rows), ForwardMode.EXACT)
                            .requireLogits());
            // what a causal query sees that has only padding before it means nothing
            NDArray real =
                    logits.getShape().dimension() == 3 && all.decoderInputIds().isEmpty()
                            ? logits.mul(pick(all, rows)
                                    .attentionMask()
                                    .toType(DataType.FLOAT32, false)
                                    .expandDims(2))
                            : logits;
            float[] values = real.toFloatArray();
            int each = values.length / rows.size();
            return IntStream.range(0, rows.size())
                    .mapToObj(row -> Arrays.copyOfRange(values, row * each, (row + 1) * each))
                    .toList();
        }
    }

    private TokenBatch pick(TokenBatch all, List<Integer> rows) {
        int[] at = rows.stream().mapToInt(row -> row % 4).toArray();
        return new TokenBatch(
                engine.ops().select(all.inputIds(), 0, at),
                engine.ops().select(all.attentionMask(), 0, at),
                all.tokenTypeIds().map(ids -> engine.ops().select(ids, 0, at)),
                all.decoderInputIds().map(ids -> engine.ops().select(ids, 0, at)),
                Optional.empty());
    }

    /** Eight tokens after a text of two to five; row i continues text i. */
    private List<ImmutableLongArray> written(AdapterRack rack, List<Integer> rows) {
        int longest = rows.stream().mapToInt(row -> 2 + row % 4).max().orElse(0);
        long[][] ids = new long[rows.size()][longest];
        long[][] mask = new long[rows.size()][longest];
        for (int i = 0; i < ids.length; i++) {
            int length = 2 + rows.get(i) % 4;
            for (int token = 0; token < length; token++) {
                ids[i][token] = 5 + (7L * rows.get(i) + 3L * token) % 40;
                mask[i][token] = 1;
            }
        }
        TokenBatch batch =
                TokenBatch.of(engine.manager().create(ids), engine.manager().create(mask));
        return new Generation(TokenChoice.GREEDY, 8, Set.of())
                .run((GenerativeModel) rack.model(), engine.ops(), batch, ForwardMode.EXACT, new SplittableRandom(0));
    }

    private static void assertClose(float[] actual, float[] expected, String what) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        double worst = IntStream.range(0, actual.length)
                .mapToDouble(i -> Math.abs((double) actual[i] - expected[i]))
                .max()
                .orElse(0);
        assertThat(worst).as("largest difference, " + what).isLessThan(CLOSE);
    }
}
