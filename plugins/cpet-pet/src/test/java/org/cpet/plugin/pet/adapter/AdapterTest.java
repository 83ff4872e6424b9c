package org.cpet.plugin.pet.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.plugin.pet.OpaqueLinear;
import org.cpet.plugin.pet.lora.LoraFactory;
import org.cpet.plugin.pet.lora.LoraOptions;
import org.cpet.spi.InputException;
import org.cpet.spi.OptionException;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.OneLinearModel;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.tensor.Activation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdapterTest {
    private final ContractSession session = ContractSession.open();

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void anAdapterStandsBehindAttentionAndFfn() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            Map<String, NDArray> state = attach(model, 3, Activation.RELU, "all-output", "all-ffn-out")
                    .state();

            assertThat(state.keySet())
                    .startsWith(
                            "toy.layer.0.attention.output.adapter_down.weight",
                            "toy.layer.0.attention.output.adapter_down.bias",
                            "toy.layer.0.attention.output.adapter_up.weight",
                            "toy.layer.0.attention.output.adapter_up.bias",
                            "toy.layer.0.ffn.out.adapter_down.weight")
                    .hasSize(16);
            assertThat(state.get("toy.layer.0.ffn.out.adapter_down.weight").getShape())
                    .isEqualTo(new Shape(3, 8));
            assertThat(state.get("toy.layer.0.ffn.out.adapter_up.weight").getShape())
                    .isEqualTo(new Shape(8, 3));
        }
    }

    @Test
    void theStartIsNormalWithDeviationOneHundredthAndZeroBiases() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            Map<String, NDArray> state =
                    attach(model, 500, Activation.RELU, "layer.0.ffn.out").state();
            NDArray down = state.get("toy.layer.0.ffn.out.adapter_down.weight");

            // four standard errors of 4000 values
            assertThat(down.mean().getFloat()).isCloseTo(0, within(4 * 0.01f / 63));
            assertThat(down.square().mean().sqrt().getFloat()).isCloseTo(0.01f, within(4 * 0.01f / 89));
            assertThat(state.get("toy.layer.0.ffn.out.adapter_up.bias").toFloatArray())
                    .containsOnly(0);
        }
    }

    @Test
    void theResultGoesThroughTheBottleneckAndIsAdded() {
        OneLinearModel model = one(DataType.FLOAT32);
        attach(model, 1, Activation.RELU, "layer").load(worked());

        // y = [3, −2]; D y + d = 3 − (−2) − 1 = 4; y + U 4 + u
        assertThat(model.apply(input(DataType.FLOAT32), ForwardMode.EXACT).toFloatArray())
                .containsExactly(3 + 2 * 4 + 1, -2 - 4);
        // y = [−3, 2] gives D y + d = −6, cut off
        assertThat(model.apply(input(DataType.FLOAT32).neg(), ForwardMode.EXACT).toFloatArray())
                .containsExactly(-3 + 1, 2);
    }

    @Test
    void aHalfPrecisionLayerKeepsItsType() {
        OneLinearModel model = one(DataType.FLOAT16);
        attach(model, 1, Activation.RELU, "layer").load(worked());

        NDArray output = model.apply(input(DataType.FLOAT16), ForwardMode.EXACT);
        assertThat(output.getDataType()).isEqualTo(DataType.FLOAT16);
        assertThat(output.toType(DataType.FLOAT32, true).toFloatArray()).containsExactly(12, -6);
    }

    @Test
    void itReadsTheLayersOwnResultInWhateverOrderModulesWereAttached() {
        OneLinearModel model = one(DataType.FLOAT32);
        PetModule adapter = attach(model, 1, Activation.RELU, "layer");
        adapter.load(worked());
        PetModule lora = new LoraFactory()
                .create(new LoraOptions(1, 1, 0, List.of("layer")), session.context(1))
                .attach(model);
        lora.load(Map.of(
                "layer.lora_A.weight", numbers(new Shape(1, 2), 1, 0),
                "layer.lora_B.weight", numbers(new Shape(2, 1), 100, 0)));
        float[] first = model.apply(input(DataType.FLOAT32), ForwardMode.EXACT).toFloatArray();

        adapter.detach();
        adapter.attach();

        assertThat(first).containsExactly(12 + 300, -6);
        assertThat(model.apply(input(DataType.FLOAT32), ForwardMode.EXACT).toFloatArray())
                .containsExactly(first);
    }

    @Test
    void aNonLinearityCannotBeFoldedIntoAWeight() {
        PetModule module = attach(one(DataType.FLOAT32), 1, Activation.GELU_TANH, "layer");

        assertThat(module.mergeable()).isFalse();
        assertThatThrownBy(module::merge)
                .isInstanceOf(OptionException.class)
                .hasMessage("adapter cannot be folded into 'layer'; found a non-linearity, gelu_tanh;"
                        + " allowed activation identity");
    }

    @Test
    void withoutANonLinearityItIsFoldedIntoWeightAndBias() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            PetModule module = attach(model, 2, Activation.IDENTITY, "all-ffn-out");
            module.state().values().forEach(tensor -> session.ops().assign(tensor, tensor.add(0.1)));
            NDArray x = session.manager().arange(12f).reshape(1, 12);
            float[] attached = forward(model, x);
            module.merge();

            assertThat(module.mergeable()).isTrue();
            // float32 sums in another order
            assertThat(forward(model, x)).containsExactly(attached, within(1e-4f));
        }
        assertThatThrownBy(attach(one(DataType.FLOAT32), 1, Activation.IDENTITY, "layer")::merge)
                .isInstanceOf(OptionException.class)
                .hasMessage("adapter cannot be folded into 'layer'; found no bias; allowed layers that have one");
    }

    @Test
    void aWeightThatIsNotDenseTakesNothingIn() {
        OneLinearModel model = one(DataType.FLOAT32);
        model.site()
                .replace(new OpaqueLinear(session.ops().copy(model.site().op().weight())));

        assertThatThrownBy(attach(model, 1, Activation.IDENTITY, "layer")::merge)
                .hasMessage("adapter cannot be folded into 'layer'; found a weight held as opaque;"
                        + " allowed dense weights");
    }

    @Test
    void theConfigHasATypeOfItsOwn() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            Map<String, Object> config =
                    attach(model, 3, Activation.SILU, "ffn.out").peftConfig();

            assertThat(config)
                    .containsEntry("peft_type", "CPET_ADAPTER")
                    .containsEntry("task_type", "SEQ_CLS")
                    .containsEntry("bottleneck_dim", 3)
                    .containsEntry("activation", "silu")
                    .containsEntry("target_modules", List.of("ffn.out"));
            assertThat(new AdapterFactory().fromPeft(config))
                    .contains(new AdapterOptions(3, Activation.SILU, List.of("ffn.out")));
        }
    }

    @Test
    void aBrokenConfigIsRefusedByName() {
        refused("bottleneck_dim", 0L, "'bottleneck_dim'; found 0; allowed a number from 1");
        refused("bottleneck_dim", "3", "'bottleneck_dim'; found \"3\"; allowed a whole number");
        refused(
                "activation",
                "step",
                "'activation'; found \"step\"; allowed identity, relu, gelu, gelu_tanh, silu, tanh");
        refused("target_modules", List.of(), "target_modules must name at least one layer, was []");
        refused("target_modules", List.of(1L), "'target_modules'; found 1; allowed a text");
        refused("residual", true, "'residual' is not supported; found true; allowed null, false or empty");
        Map<String, Object> incomplete = config();
        incomplete.remove("activation");
        assertThatThrownBy(() -> new AdapterFactory().fromPeft(incomplete))
                .isInstanceOf(InputException.class)
                .hasMessage("'activation' is missing");
    }

    private static void refused(String key, Object value, String message) {
        Map<String, Object> config = config();
        config.put(key, value);
        assertThatThrownBy(() -> new AdapterFactory().fromPeft(config))
                .isInstanceOf(InputException.class)
                .hasMessage(message);
    }

    private static Map<String, Object> config() {
        return new LinkedHashMap<>(Map.of(
                "peft_type",
                "CPET_ADAPTER",
                "bottleneck_dim",
                3L,
                "activation",
                "relu",
                "target_modules",
                List.of("wo")));
    }

    private static float[] forward(ToyTransformer model, NDArray x) {
        return model.feedForwards().get(0).out().forward(x, ForwardMode.EXACT).toFloatArray();
    }

    private PetModule attach(TransformerModel model, int width, Activation activation, String... targets) {
        return new AdapterFactory()
                .create(new AdapterOptions(width, activation, List.of(targets)), session.context(1))
                .attach(model);
    }

    private OneLinearModel one(DataType type) {
        return OneLinearModel.of(session, numbers(new Shape(2, 2), 1, 0, 0, 1).toType(type, true));
    }

    private NDArray input(DataType type) {
        return numbers(new Shape(1, 2), 3, -2).toType(type, true);
    }

    private Map<String, NDArray> worked() {
        return Map.of(
                "layer.adapter_down.weight", numbers(new Shape(1, 2), 1, -1),
                "layer.adapter_down.bias", numbers(new Shape(1), -1),
                "layer.adapter_up.weight", numbers(new Shape(2, 1), 2, -1),
                "layer.adapter_up.bias", numbers(new Shape(2), 1, 0));
    }

    private NDArray numbers(Shape shape, float... values) {
        return session.manager().create(values, shape);
    }
}
