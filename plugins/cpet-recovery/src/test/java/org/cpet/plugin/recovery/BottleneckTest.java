package org.cpet.plugin.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cpet.spi.OptionException;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.OneLinearModel;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.lowrank.LowRankForm;
import org.cpet.spi.lowrank.LowRankModule;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearRole;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TargetModules;
import org.cpet.spi.recover.RecoveryMethod;
import org.cpet.spi.recover.RecoveryModule;
import org.cpet.spi.tensor.Activation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BottleneckTest {
    private static final List<String> ALL = List.of("all-linear");

    private final ContractSession session = ContractSession.open();

    @AfterEach
    void close() {
        session.close();
    }

    /** W = [[1,0],[0,1],[1,1]], x = [1,2]; A = [[.5,−.5]], B = [2,0,1]ᵀ; D = [[1,.5]], U = [1,−1,0]ᵀ; s = 2. */
    @Test
    void loraAndRecoveryReadTheSameInput() {
        NDManager manager = session.manager();
        NDArray x = manager.create(new float[] {1, 2}, new Shape(1, 2));
        OneLinearModel model =
                OneLinearModel.of(session, manager.create(new float[] {1, 0, 0, 1, 1, 1}, new Shape(3, 2)));
        LowRankForm form = new LowRankForm("lora_A.weight", "lora_B.weight", 1, 2, Activation.IDENTITY, 0);
        LowRankModule lora = form.attach(model, new TargetModules(ALL), session.context(1));
        lora.load(Map.of(
                "layer.lora_A.weight", manager.create(new float[] {0.5f, -0.5f}, new Shape(1, 2)),
                "layer.lora_B.weight", manager.create(new float[] {2, 0, 1}, new Shape(3, 1))));
        RecoveryModule recovery = bottleneck(1, 2, ALL).attach(model);
        recovery.load(Map.of(
                "layer.recovery_D.weight", manager.create(new float[] {1, 0.5f}, new Shape(1, 2)),
                "layer.recovery_U.weight", manager.create(new float[] {1, -1, 0}, new Shape(3, 1))));

        float[] both = model.apply(x, ForwardMode.EXACT).toFloatArray();
        recovery.detach();
        float[] loraAlone = model.apply(x, ForwardMode.EXACT).toFloatArray();
        lora.detach();

        assertThat(model.apply(x, ForwardMode.EXACT).toFloatArray()).containsExactly(1, 2, 3);
        assertThat(loraAlone).containsExactly(-1, 2, 2);
        // float32: GELU(2) = 1.9544997 by the error function
        assertThat(both).containsExactly(new float[] {2.9089994722f, -1.9089994722f, 2}, within(1e-6f));
    }

    @Test
    void layersMayHaveOtherNonLinearities() {
        NDManager manager = session.manager();
        LayerActivation relu = new LayerActivation(List.of("layer"), Activation.RELU);
        LayerActivation later = new LayerActivation(List.of("all-linear"), Activation.IDENTITY);
        NDArray x = manager.create(new float[] {-1, -2}, new Shape(1, 2));
        OneLinearModel model = OneLinearModel.of(session, manager.zeros(new Shape(1, 2)));
        RecoveryModule recovery = bottleneck(List.of(relu, later), ALL).attach(model);
        recovery.load(Map.of(
                "layer.recovery_D.weight", manager.ones(new Shape(1, 2)),
                "layer.recovery_U.weight", manager.ones(new Shape(1, 1))));

        assertThat(model.apply(x, ForwardMode.EXACT).toFloatArray()).containsExactly(0);
        assertThat(recovery.config())
                .extractingByKey("activation_by_layer")
                .hasToString("[{target_modules=[layer], activation=relu}, {target_modules=[all-linear],"
                        + " activation=identity}]");
    }

    @Test
    void anExceptionThatMeetsNoBottleneckIsRefused() {
        LayerActivation idle = new LayerActivation(List.of("ffn.in"), Activation.RELU);
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            RecoveryMethod method = bottleneck(List.of(idle), List.of("query"));

            assertThat(method.plan(model.layout()).unmatched()).containsExactly("ffn.in");
            assertThatThrownBy(() -> method.attach(model))
                    .isInstanceOf(OptionException.class)
                    .hasMessage("activation_by_layer: no layer that gets a bottleneck has a name with this ending;"
                            + " found ffn.in; allowed endings of layers that target_modules choose");
        }
    }

    @Test
    void everyBlockLinearGetsARecoveryPairByDefault() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            Map<String, NDArray> state = bottleneck(2, 4, ALL).attach(model).state();

            assertThat(state.keySet())
                    .containsExactlyElementsOf(IntStream.range(0, 2)
                            .mapToObj(layer -> "toy.layer." + layer)
                            .flatMap(layer -> Stream.of(
                                    layer + ".attention.query",
                                    layer + ".attention.key",
                                    layer + ".attention.value",
                                    layer + ".attention.output",
                                    layer + ".ffn.in",
                                    layer + ".ffn.out"))
                            .flatMap(linear -> Stream.of(linear + ".recovery_D.weight", linear + ".recovery_U.weight"))
                            .toList());
            assertThat(state.get("toy.layer.0.ffn.in.recovery_D.weight").getShape())
                    .isEqualTo(new Shape(2, 8));
            assertThat(state.get("toy.layer.0.ffn.in.recovery_U.weight").getShape())
                    .isEqualTo(new Shape(12, 2));
        }
    }

    @Test
    void theDownProjectionStartsWithinOneOverTheRootOfIn() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            Map<String, NDArray> state =
                    bottleneck(8, 16, List.of("ffn.out")).attach(model).state();
            float[] down = state.get("toy.layer.1.ffn.out.recovery_D.weight").toFloatArray();

            float bound = (float) (1 / Math.sqrt(ToySpec.UNITS));
            assertThat(down).doesNotHaveDuplicates();
            for (float value : down) {
                assertThat(value).isBetween(-bound, bound);
            }
        }
    }

    @Test
    void theConfigSpeaksTheRecipesLanguage() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            assertThat(bottleneck(8, 16, ALL).attach(model).config().toString())
                    .isEqualTo(
                            "{r=8, lora_alpha=16, activation=gelu, activation_by_layer=[], target_modules=[all-linear]}");
        }
    }

    @Test
    void aTargetThatMatchesNothingIsRefused() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            assertThatThrownBy(() -> bottleneck(8, 16, List.of("querry")).attach(model))
                    .isInstanceOf(OptionException.class)
                    .hasMessage("target_modules: no linear layer has a name with this ending; found querry;"
                            + " allowed all-linear, or endings of names such as classifier, in, key, out, output,"
                            + " query, value; did you mean query?");
        }
    }

    /** T5-3B: hidden 1024, attention inner 4096, FFN 16384, 24 + 24 layers with 72 attention blocks. */
    @Test
    void countsOnAModelOfThreeBillion() {
        ModelLayout layout = t5();

        assertThat(bottleneck(8, 16, ALL).plan(layout).total()).isEqualTo(25_165_824);
        assertThat(bottleneck(16, 16, ALL).plan(layout).total()).isEqualTo(50_331_648);
        assertThat(bottleneck(32, 16, ALL).plan(layout).total()).isEqualTo(100_663_296);
        assertThat(bottleneck(8, 16, List.of("q", "k")).plan(layout).total()).isEqualTo(5_898_240);
    }

    private RecoveryMethod bottleneck(int rank, double alpha, List<String> targets) {
        return new BottleneckFactory()
                .create(new BottleneckOptions(rank, alpha, Activation.GELU, List.of(), targets), session.context(1));
    }

    private RecoveryMethod bottleneck(List<LayerActivation> exceptions, List<String> targets) {
        return new BottleneckFactory()
                .create(new BottleneckOptions(1, 1, Activation.GELU, exceptions, targets), session.context(1));
    }

    private static ModelLayout t5() {
        Stream<LinearSpec> attentions = IntStream.range(0, 72)
                .boxed()
                .flatMap(i -> Stream.of(
                        linear(i + ".q", LinearRole.QUERY, 4096, 1024),
                        linear(i + ".k", LinearRole.KEY, 4096, 1024),
                        linear(i + ".v", LinearRole.VALUE, 4096, 1024),
                        linear(i + ".o", LinearRole.OUTPUT, 1024, 4096)));
        Stream<LinearSpec> feedForwards = IntStream.range(0, 48)
                .boxed()
                .flatMap(i -> Stream.of(
                        linear(i + ".wi", LinearRole.FFN_IN, 16384, 1024),
                        linear(i + ".wo", LinearRole.FFN_OUT, 1024, 16384)));
        return new ModelLayout(
                "t5",
                ModelTask.SEQ2SEQ_LM,
                1024,
                32128,
                "",
                List.of(),
                List.of(),
                Stream.concat(attentions, feedForwards).toList(),
                List.of(),
                List.of());
    }

    private static LinearSpec linear(String name, LinearRole role, int out, int in) {
        return LinearSpec.dense("block." + name, role, out, in, false);
    }
}
