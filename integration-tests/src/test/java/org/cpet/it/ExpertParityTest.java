package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.cpet.it.support.Shared;
import org.cpet.it.support.Tensors;
import org.cpet.plugin.moe.Clustering;
import org.cpet.plugin.moe.MoeficationFactory;
import org.cpet.plugin.moe.MoeficationOptions;
import org.cpet.plugin.moe.RouterKind;
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
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelFamily;
import org.cpet.spi.model.ModelFamilyFactory;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** FFNs as experts, with the reference's labels: its choices, its FFN outputs, its logits. */
class ExpertParityTest {
    private static final EngineSession ENGINE = EngineSession.open(DeviceChoice.parse("cpu"), 0);

    private final PluginContext context = new Host();

    @TempDir
    private Path folder;

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    @Test
    void expertsGiveTheReferenceNumbersMaskedAndGathered() throws IOException {
        Path golden = Shared.path("fixtures/t5_v10_relu_tied/golden");
        Map<String, Tensors.Values> router = Tensors.read(golden.resolve("compress/moe/router.safetensors"));
        Map<String, Tensors.Values> expected = Tensors.read(golden.resolve("compress/moe/outputs.safetensors"));
        try (TransformerModel model = load(golden.getParent());
                Ops.Scope scope = ENGINE.ops().scope()) {
            compress(model, router);
            TokenBatch batch = batch(golden.resolve("inputs.safetensors"), model);
            Map<String, NDArray> units = new LinkedHashMap<>();
            List<LinearSite.Observation> seen = model.feedForwards().stream()
                    .map(block -> block.out()
                            .observe(u -> units.put(block.name(), ENGINE.ops().copy(u))))
                    .toList();

            NDArray masked = model.forward(batch, ForwardMode.EXACT).requireLogits();
            Map<String, NDArray> outputs = new LinkedHashMap<>();
            for (FeedForwardSite block : model.feedForwards()) {
                NDArray u = units.get(block.name());
                outputs.put(
                        block.name(), ENGINE.ops().linear(u, block.out().op().weight()));
                checkChoices(block, u.toFloatArray(), router, expected);
            }
            seen.forEach(LinearSite.Observation::close);
            NDArray gathered = model.forward(batch, ForwardMode.DEPLOYED).requireLogits();

            agree(masked, expected.get("logits"), "masked");
            agree(gathered, expected.get("logits"), "gathered");
            outputs.forEach((name, y) -> agree(y, expected.get("ffn_output." + name), name));
        }
    }

    /** Neurons that are not 0 belong to the reference's experts. */
    private static void checkChoices(
            FeedForwardSite block,
            float[] units,
            Map<String, Tensors.Values> router,
            Map<String, Tensors.Values> expected) {
        double[] labels = router.get("labels." + block.name()).values();
        double[] experts = expected.get("experts." + block.name()).values();
        int[] kept = block.keptUnits();
        for (int token = 0; token < units.length / kept.length; token++) {
            TreeSet<Integer> active = new TreeSet<>();
            for (int unit = 0; unit < kept.length; unit++) {
                if (units[token * kept.length + unit] != 0) {
                    active.add((int) labels[kept[unit]]);
                }
            }
            List<Integer> chosen = Arrays.stream(experts, token * 3, token * 3 + 3)
                    .mapToObj(expert -> (int) expert)
                    .toList();
            if (chosen.get(0) >= 0) { // −1 marks padding
                assertThat(chosen).as("token %s of %s", token, block.name()).containsAll(active);
            }
        }
    }

    private void compress(TransformerModel model, Map<String, Tensors.Values> router) throws IOException {
        Path file = folder.resolve("labels.json");
        Files.writeString(
                file,
                model.feedForwards().stream()
                        .map(block -> "\"" + block.name() + "\": "
                                + Arrays.toString(Arrays.stream(router.get("labels." + block.name())
                                                .values())
                                        .mapToInt(label -> (int) label)
                                        .toArray()))
                        .collect(Collectors.joining(", ", "{", "}")));
        new MoeficationFactory()
                .create(
                        new MoeficationOptions(
                                8,
                                0.4,
                                Optional.empty(),
                                Clustering.PARAMETERS,
                                RouterKind.SIMILARITY,
                                Optional.of(file),
                                true,
                                1,
                                16,
                                1,
                                0.01),
                        context)
                .compress(model, CalibrationData.NONE);
    }

    /** The fixture's tolerance is 1e-5; NaN marks padding. */
    private static void agree(NDArray found, Tensors.Values expected, String what) {
        float[] values = found.toFloatArray();
        double worst = 0;
        for (int i = 0; i < values.length; i++) {
            double reference = expected.values()[i];
            worst = Double.isNaN(reference) ? worst : Math.max(worst, Math.abs(values[i] - reference));
        }
        assertThat(worst).as(what).isLessThan(1e-5);
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

    private static TokenBatch batch(Path file, TransformerModel model) {
        SafetensorsFile store = SafetensorsFile.open(file);
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        try (TensorLoader loader = ENGINE.loader(store)) {
            store.tensors().keySet().forEach(name -> tensors.put(name, loader.load(name, model.manager())));
        }
        return new TokenBatch(
                tensors.get("input_ids"),
                tensors.get("attention_mask"),
                Optional.empty(),
                Optional.ofNullable(tensors.get("decoder_input_ids")),
                Optional.ofNullable(tensors.get("labels")));
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
