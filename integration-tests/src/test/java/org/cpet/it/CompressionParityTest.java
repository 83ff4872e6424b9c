package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.cpet.it.support.Shared;
import org.cpet.it.support.Tensors;
import org.cpet.plugin.pruning.Allocation;
import org.cpet.plugin.pruning.Criterion;
import org.cpet.plugin.pruning.StructuredPruningFactory;
import org.cpet.plugin.pruning.StructuredPruningOptions;
import org.cpet.plugin.pruning.UnstructuredPruningFactory;
import org.cpet.plugin.pruning.UnstructuredPruningOptions;
import org.cpet.plugin.pruning.WeightCriterion;
import org.cpet.plugin.quantization.Int8Activations;
import org.cpet.plugin.quantization.Int8Factory;
import org.cpet.plugin.quantization.Int8Options;
import org.cpet.runtime.engine.DeviceChoice;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.engine.TensorLoader;
import org.cpet.runtime.engine.safetensors.SafetensorsFile;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.model.ModelFamilies;
import org.cpet.runtime.model.ModelLoader;
import org.cpet.spi.NoOptions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.ModelFamily;
import org.cpet.spi.model.ModelFamilyFactory;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every compressor on every family against the reference's logits; the plan foresees what happens. */
class CompressionParityTest {
    /** The bound of the issue for float32 logits; most fixtures state 1e-5. */
    private static final double TOLERANCE = 1e-4;

    private static final EngineSession ENGINE = EngineSession.open(DeviceChoice.parse("cpu"), 0);
    private static final List<String> ALL = List.of("all-linear");

    private final PluginContext context = new Host();

    @AfterAll
    static void close() {
        ENGINE.close();
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
    void compressedModelsGiveTheReferenceLogits(String family) {
        Path golden = Shared.path("fixtures/" + family + "/golden");
        check(
                golden,
                "int8/outputs_weight_only",
                new Int8Factory().create(Int8Options.plain(Int8Activations.NONE, ALL, List.of()), context));
        check(golden, "mask_2_4/outputs", masks(Optional.empty(), Optional.of("2:4")));
        check(golden, "mask_magnitude_50/outputs", masks(Optional.of(0.5), Optional.empty()));
        for (String folder : List.of("structured", "structured_heads")) {
            Path kept = golden.resolve("compress").resolve(folder).resolve("kept.json");
            if (Files.exists(kept)) {
                check(
                        golden,
                        folder + "/outputs",
                        new StructuredPruningFactory().create(pruned(0, 0, Optional.of(kept)), context));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert_cls", "llama_gqa_tied", "t5_v10_relu_tied", "t5_v11_gated_untied"})
    void compressorsStackInEitherOrderAsPlanned(String family) {
        Path golden = Shared.path("fixtures/" + family + "/golden");
        Compressor heads = new StructuredPruningFactory().create(pruned(0.5, 0.4, Optional.empty()), context);
        Compressor int8 = new Int8Factory().create(Int8Options.plain(Int8Activations.DYNAMIC, ALL, List.of()), context);
        Compressor mask = masks(Optional.empty(), Optional.of("2:4"));
        for (List<Compressor> stack : List.of(List.of(heads, mask, int8), List.of(mask, int8, heads))) {
            try (TransformerModel model = load(golden.getParent())) {
                TokenBatch batch = batch(golden.resolve("inputs.safetensors"), model.manager());
                ModelLayout plan = model.layout();
                for (Compressor compressor : stack) {
                    plan = compressor.plan(plan);
                    compressor.compress(model, new Rows(batch));
                }

                assertThat(model.layout().linears()).isEqualTo(plan.linears());
                assertThat(model.layout().attentions()).isEqualTo(plan.attentions());
                assertThat(model.layout().feedForwards()).isEqualTo(plan.feedForwards());
                float[] logits = ENGINE.ops()
                        .withoutGradients(() -> model.forward(batch, ForwardMode.EXACT)
                                .requireLogits()
                                .toFloatArray());
                assertThat(logits).isNotEmpty().doesNotContain(Float.NaN);
            }
        }
    }

    private void check(Path golden, String outputs, Compressor compressor) {
        try (TransformerModel model = load(golden.getParent());
                Ops.Scope scope = ENGINE.ops().scope()) {
            ModelLayout plan = compressor.plan(model.layout());
            compressor.compress(model, new Rows());
            assertThat(model.layout().linears()).as("plan of %s", outputs).isEqualTo(plan.linears());

            NDArray logits = model.forward(
                            batch(golden.resolve("inputs.safetensors"), model.manager()), ForwardMode.EXACT)
                    .requireLogits();
            Tensors.Values expected = Tensors.read(golden.resolve("compress/" + outputs + ".safetensors"))
                    .get("logits");
            float[] found = logits.toFloatArray();
            double worst = 0;
            for (int i = 0; i < found.length; i++) {
                double difference = Math.abs(found[i] - expected.values()[i]);
                // NaN in a golden file marks a padding position
                worst = Double.isNaN(expected.values()[i]) ? worst : Math.max(worst, difference);
            }
            assertThat(worst).as("%s of %s", outputs, golden).isLessThan(TOLERANCE);
        }
    }

    private Compressor masks(Optional<Double> sparsity, Optional<String> pattern) {
        return new UnstructuredPruningFactory()
                .create(
                        new UnstructuredPruningOptions(
                                sparsity, Optional.empty(), pattern, WeightCriterion.MAGNITUDE, 128, ALL, List.of()),
                        context);
    }

    private static StructuredPruningOptions pruned(double heads, double ffn, Optional<Path> keep) {
        return new StructuredPruningOptions(
                heads, ffn, 0, 0, Criterion.ACTIVATION, Allocation.UNIFORM, keep, 256, Optional.empty());
    }

    private TransformerModel load(Path path) {
        List<ModelFamily> known = ServiceLoader.load(ModelFamilyFactory.class).stream()
                .map(factory -> factory.get().create(new NoOptions(), context))
                .toList();
        ModelFamilies families = new ModelFamilies(known);
        ModelDirectory directory = ModelDirectory.open(path);
        return new ModelLoader(families, ENGINE, context)
                .load(directory, directory.nativeRequest(families), DataType.FLOAT32);
    }

    private static TokenBatch batch(Path file, NDManager manager) {
        SafetensorsFile store = SafetensorsFile.open(file);
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        try (TensorLoader loader = ENGINE.loader(store)) {
            store.tensors().keySet().forEach(name -> tensors.put(name, loader.load(name, manager)));
        }
        return new TokenBatch(
                tensors.get("input_ids"),
                tensors.get("attention_mask"),
                Optional.ofNullable(tensors.get("token_type_ids")),
                Optional.ofNullable(tensors.get("decoder_input_ids")),
                Optional.ofNullable(tensors.get("labels")));
    }

    private record Rows(TokenBatch... batches) implements CalibrationData {
        @Override
        public void forEach(Consumer<TokenBatch> consumer) {
            List.of(batches).forEach(consumer);
        }

        @Override
        public long rows() {
            return batches.length;
        }
    }

    private record Host() implements PluginContext {
        @Override
        public Ops ops() {
            return ENGINE.ops();
        }

        @Override
        public RandomGenerator random(String name) {
            return new SplittableRandom(name.hashCode());
        }

        @Override
        public void notice(String message) {}
    }
}
