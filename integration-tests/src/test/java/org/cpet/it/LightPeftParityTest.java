package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.cpet.it.support.Shared;
import org.cpet.it.support.Tensors;
import org.cpet.plugin.estimation.Importance;
import org.cpet.plugin.estimation.LightPeftFactory;
import org.cpet.plugin.estimation.LightPeftOptions;
import org.cpet.plugin.estimation.Ranking;
import org.cpet.plugin.losses.CrossEntropyFactory;
import org.cpet.runtime.engine.DeviceChoice;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.script.OpenedModel;
import org.cpet.runtime.script.TensorFiles;
import org.cpet.spi.NoOptions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.estimate.Estimation;
import org.cpet.spi.estimate.Selection;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.pet.RankedPet;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One step of Light-PEFT's estimation on every family against the reference: loss, gradients, scores, what is chosen. */
class LightPeftParityTest {
    /** The fixtures state 1e-5; ten times that for another order of summation over two frameworks' kernels. */
    private static final double TOLERANCE = 1e-4;

    private static final EngineSession ENGINE = EngineSession.openPlain(DeviceChoice.parse("cpu"), 0);
    private static final PluginCatalog CATALOG =
            PluginCatalog.discover(LightPeftParityTest.class.getClassLoader(), List.of());
    private static final String PREFIX = "base_model.model.";

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
    void aStepGivesTheReferencesNumbersAndChoices(String family) throws IOException {
        Path golden = Shared.path("fixtures/" + family + "/golden");
        Path folder = golden.resolve("lightpeft");
        Map<String, Tensors.Values> step = Tensors.read(folder.resolve("step.safetensors"));
        JsonNode chosen = JsonMapper.shared().readTree(Files.readString(folder.resolve("selection.json")));
        try (OpenedModel opened = OpenedModel.open(
                golden.getParent(), golden.resolve("lora"), DataType.FLOAT32, ENGINE, CATALOG, context)) {
            RankedPet pet = (RankedPet) opened.modules().get(0);
            TokenBatch batch = TensorFiles.batch(
                    golden.resolve("inputs.safetensors"),
                    ENGINE,
                    ENGINE.manager(),
                    opened.model().layout());
            try (Estimation estimation = start(opened, pet, Ranking.LAYER)) {
                assertThat(backward(opened, estimation, batch)).isCloseTo(number(step, "total_loss"), within());
                pet.parameters().forEach(leaf -> check(step, "grad." + PREFIX + leaf.name(), gradient(leaf)));
                estimation.parameters().forEach(leaf -> check(step, "grad." + leaf.name(), gradient(leaf)));
                estimation.observe(2);
                estimation.state().forEach((name, total) -> check(step, name, total));

                Map<String, Tensors.Values> masks = Tensors.read(folder.resolve("masks_given.safetensors"));
                estimation.parameters().forEach(leaf -> assign(leaf, masks.get(leaf.name())));
                checkLogits(opened, batch, folder.resolve("outputs_masks_given.safetensors"));
                Selection selection = estimation.select();
                boolean grouped = opened.model().attentions().get(0).queriesPerGroup() > 1;
                if (!grouped) { // the reference chooses query heads, which stay or go with their group here
                    checkChoice(chosen.get("heads_layerwise"), selection.groups());
                }
                checkChoice(chosen.get("ffn_layerwise"), selection.units());
                checkChoice(chosen.get("ranks_kept"), selection.ranks());
            }
            try (Estimation estimation = start(opened, pet, Ranking.GLOBAL)) {
                Map<String, Tensors.Values> masks = Tensors.read(folder.resolve("masks_given.safetensors"));
                estimation.parameters().forEach(leaf -> assign(leaf, masks.get(leaf.name())));
                checkChoice(chosen.get("ffn_global"), estimation.select().units());
            }
        }
    }

    private Estimation start(OpenedModel opened, RankedPet pet, Ranking ranking) {
        LightPeftOptions options =
                new LightPeftOptions(2, 1e-4, 1.0 / 3, 1.0 / 3, ranking, 0.75, 0.5, Importance.MEAN_THEN_ABS);
        return new LightPeftFactory().create(options, context).start(opened.model(), pet);
    }

    @SuppressWarnings("try") // the scope frees the pass
    private double backward(OpenedModel opened, Estimation estimation, TokenBatch batch) {
        TaskLoss task = new CrossEntropyFactory().create(new NoOptions(), context);
        Ops ops = ENGINE.ops();
        try (Ops.Scope scope = ops.scope()) {
            return ops.withGradients(() -> {
                NDArray loss = task.loss(opened.model().forward(batch, ForwardMode.EXACT), batch)
                        .add(estimation.penalty(batch));
                ops.backward(loss);
                return loss.getFloat();
            });
        }
    }

    @SuppressWarnings("try") // the scope frees the pass
    private static void checkLogits(OpenedModel opened, TokenBatch batch, Path file) {
        try (Ops.Scope scope = ENGINE.ops().scope()) {
            NDArray logits = ENGINE.ops()
                    .withoutGradients(() ->
                            opened.model().forward(batch, ForwardMode.EXACT).requireLogits());
            check(Tensors.read(file), "logits", logits);
        }
    }

    private static NDArray gradient(TrainableTensor leaf) {
        return ENGINE.ops().gradient(leaf.value());
    }

    private static void assign(TrainableTensor leaf, Tensors.Values values) {
        float[] numbers = new float[values.values().length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) values.values()[i];
        }
        try (NDArray given = leaf.value().getManager().create(numbers)) {
            ENGINE.ops().assign(leaf.value(), given);
        }
    }

    private static void check(Map<String, Tensors.Values> golden, String name, NDArray found) {
        Tensors.Values expected = golden.get(name);
        assertThat(expected).as(name).isNotNull();
        float[] values = found.toFloatArray();
        assertThat(values).as(name).hasSize(expected.values().length);
        for (int i = 0; i < values.length; i++) {
            if (!Double.isNaN(expected.values()[i])) {
                assertThat((double) values[i]).as(name).isCloseTo(expected.values()[i], within());
            }
        }
    }

    private static void checkChoice(JsonNode expected, Map<String, int[]> found) {
        List<String> names = expected.propertyStream()
                .filter(entry -> !entry.getValue().isEmpty()) // a module that lost all its ranks
                .map(Map.Entry::getKey)
                .toList();
        assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(names);
        found.forEach((name, indices) -> assertThat(indices)
                .as(name)
                .containsExactly(expected.get(name)
                        .valueStream()
                        .mapToInt(JsonNode::asInt)
                        .toArray()));
    }

    private static double number(Map<String, Tensors.Values> golden, String name) {
        return golden.get(name).values()[0];
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.data.Offset.offset(TOLERANCE);
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
