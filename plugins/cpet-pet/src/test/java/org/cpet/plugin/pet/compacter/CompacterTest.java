package org.cpet.plugin.pet.compacter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cpet.spi.OptionException;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.OneLinearModel;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearRole;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.tensor.Activation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CompacterTest {
    private final ContractSession session = ContractSession.open();

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void oneRuleServesAllAdapters() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            Map<String, Shape> shapes =
                    shapes(compacter(2, 4, true, true, "ffn.out").attach(model));

            assertThat(shapes)
                    .hasSize(1 + 2 * 6)
                    .containsEntry("compacter_rule", new Shape(4, 4, 4))
                    .containsEntry("toy.layer.0.ffn.out.compacter_down.left", new Shape(4, 2, 1))
                    .containsEntry("toy.layer.0.ffn.out.compacter_down.right", new Shape(4, 1, 1))
                    .containsEntry("toy.layer.0.ffn.out.compacter_down.bias", new Shape(4))
                    .containsEntry("toy.layer.0.ffn.out.compacter_up.right", new Shape(4, 1, 2));
        }
    }

    @Test
    void rulesAndMatricesOfTheirOwn() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            PetMethod method = compacter(2, 2, false, false, "ffn.out");
            PetModule module = method.attach(model);

            assertThat(shapes(module))
                    .containsEntry("toy.layer.1.ffn.out.compacter_down.rule", new Shape(2, 2, 2))
                    .containsEntry("toy.layer.1.ffn.out.compacter_up.weight", new Shape(2, 2, 4))
                    .doesNotContainKey("compacter_rule");
            assertThat(method.plan(model.layout()).total())
                    .isEqualTo(module.parameters().stream()
                            .mapToLong(parameter -> parameter.value().size())
                            .sum());
        }
    }

    /** In words of the method: n = 2, H₁ [4, 2] and H₂ [2, 4] as sums of two Kronecker products. */
    @Test
    void matricesAreSumsOfKroneckerProducts() {
        OneLinearModel model = OneLinearModel.of(session, session.manager().eye(4));
        PetModule module = compacter(2, 2, true, true, "layer").attach(model);
        Map<String, NDArray> state = new LinkedHashMap<>();
        state.put("compacter_rule", numbers(new Shape(2, 2, 2), 1, 2, 0, -1, 0, 1, 1, 0));
        state.put("layer.compacter_down.left", numbers(new Shape(2, 2, 1), 1, 2, 3, 1));
        state.put("layer.compacter_down.right", numbers(new Shape(2, 1, 1), 1, -1));
        state.put("layer.compacter_down.bias", numbers(new Shape(2), 0, 1));
        state.put("layer.compacter_up.left", numbers(new Shape(2, 1, 1), 1, 2));
        state.put("layer.compacter_up.right", numbers(new Shape(2, 1, 2), 1, 0, 0, 1));
        state.put("layer.compacter_up.bias", numbers(new Shape(4), 0, 0, 0, 5));
        module.load(state);

        // W₁ = [1, 2]ᵀ, W₂ = −[3, 1]ᵀ: H₁ = [[1, 2],[0, −1]] ⊗ W₁ + [[0, 1],[1, 0]] ⊗ W₂
        //    = [[1, 2 − 3],[2, 4 − 1],[−3, −1],[−1, −2]]
        // V₁ = [1, 0], V₂ = [0, 2]: H₂ = [[1, 0, 2, 0 + 2],[0, 2, −1, 0]], and with C₂: rows [1, 0, 2, 2], [0, 2, −1,
        // 0]
        // y = [1, 1, −1, 0]: y H₁ + d = [6, 3 + 1]; relu leaves it; H₂: [6, 8, 8, 12] and u
        assertThat(model.apply(numbers(new Shape(1, 4), 1, 1, -1, 0), ForwardMode.EXACT)
                        .toFloatArray())
                .containsExactly(1 + 6, 1 + 8, -1 + 8, 12 + 5);
    }

    @Test
    void thePaperCountsOfT5Base() {
        // T5-base: 768 wide, 12 + 12 layers, adapters behind every attention output and FFN: 12·2 + 12·3 sites
        ModelLayout layout = new ModelLayout(
                "t5",
                ModelTask.SEQ2SEQ_LM,
                768,
                1,
                "",
                List.of(),
                List.of(),
                IntStream.range(0, 60)
                        .mapToObj(i -> LinearSpec.dense("site." + i, LinearRole.FFN_OUT, 768, 3072, false))
                        .toList(),
                List.of(),
                List.of());

        // rank 1, b = 768 / 16 = 48: two times (768 + 48) and the biases 48 + 768 at each site; n³ = 64 once
        assertThat(compacter(16, 4, true, true, "all-ffn-out").plan(layout).total())
                .isEqualTo(60 * (2 * (768 + 48) + 48 + 768) + 64);
    }

    @Test
    void aLayerThatCannotBeDividedIsRefusedBeforeAnyWeightIsRead() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            PetMethod method = compacter(16, 4, true, true, "ffn.out");

            assertThatThrownBy(() -> method.plan(model.layout()))
                    .isInstanceOf(OptionException.class)
                    .hasMessage("hypercomplex_division must divide the outputs of a layer and the bottleneck behind it;"
                            + " found 4 for toy.layer.0.ffn.out with 8 outputs and a bottleneck of 0;"
                            + " allowed common divisors, or another reduction_factor than 16");
            assertThatThrownBy(() -> method.attach(model)).isInstanceOf(OptionException.class);
        }
    }

    @Test
    void theConfigHasATypeOfItsOwn() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            Map<String, Object> config =
                    compacter(2, 4, true, true, "ffn.out").attach(model).peftConfig();

            assertThat(config).containsEntry("peft_type", "CPET_COMPACTER").containsEntry("phm_init_range", 1e-4);
            assertThat(new CompacterFactory().fromPeft(config)).contains(options(2, 4, true, true, "ffn.out"));
        }
    }

    private static Map<String, Shape> shapes(PetModule module) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        module.state().forEach((name, tensor) -> shapes.put(name, tensor.getShape()));
        return shapes;
    }

    private PetMethod compacter(int reduction, int division, boolean factorized, boolean shared, String target) {
        return new CompacterFactory()
                .create(options(reduction, division, factorized, shared, target), session.context(1));
    }

    private static CompacterOptions options(
            int reduction, int division, boolean factorized, boolean shared, String target) {
        return new CompacterOptions(reduction, division, Activation.RELU, factorized, 1, shared, 1e-4, List.of(target));
    }

    private NDArray numbers(Shape shape, float... values) {
        return session.manager().create(values, shape);
    }
}
