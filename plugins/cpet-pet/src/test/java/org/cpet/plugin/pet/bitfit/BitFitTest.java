package org.cpet.plugin.pet.bitfit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.plugin.pet.OpaqueLinear;
import org.cpet.spi.OptionException;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.OneLinearModel;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetModule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BitFitTest {
    private final ContractSession session = ContractSession.open();

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void everyBiasButTheHeadsIsTrainedUnderItsOwnName() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            PetModule module = bitfit(true, true, Optional.empty()).attach(model);

            assertThat(module.state().keySet())
                    .contains(
                            "toy.layer.0.attention.query.bias",
                            "toy.layer.0.ffn.out.bias",
                            "toy.layer.0.attention.norm.bias",
                            "toy.norm.bias")
                    .doesNotContain("classifier.bias", "toy.layer.0.attention.key.bias");
            assertThat(module.state().get("toy.layer.0.ffn.out.bias").toFloatArray())
                    .containsExactly(
                            model.feedForwards().get(0).out().op().bias().get(0).toFloatArray());
        }
    }

    @Test
    void aLayerWithoutABiasGetsOneOfZeros() {
        OneLinearModel model = one();
        PetModule module = bitfit(true, true, Optional.empty()).attach(model);
        NDArray bias = module.state().get("layer.bias");
        assertThat(bias.toFloatArray()).containsExactly(0, 0);

        session.ops().assign(bias, numbers(new Shape(2), 1, -1));

        assertThat(model.apply(numbers(new Shape(1, 2), 3, 4), ForwardMode.EXACT)
                        .toFloatArray())
                .containsExactly(4, 3);
        assertThatThrownBy(module::merge)
                .isInstanceOf(OptionException.class)
                .hasMessage(
                        "bitfit cannot be folded into 'layer'; found no bias in the model; allowed layers that have one");
    }

    @Test
    void aModelWithoutBiasesIsRefusedWhereNoneMayBeAdded() {
        PetMethod method = bitfit(false, true, Optional.empty());

        assertThatThrownBy(() -> method.plan(one().layout()))
                .isInstanceOf(OptionException.class)
                .hasMessage("bitfit finds no bias in this model; found add_missing false;"
                        + " allowed add_missing true with layers of attention and FFN");
    }

    @Test
    void aLayerThatIsNotDenseTrainsItsBiasButCannotTakeItIn() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            LinearSite key = model.linears().get(1);
            key.replace(new OpaqueLinear(session.ops().copy(key.op().weight())));
            PetModule module =
                    bitfit(true, false, Optional.of(List.of("value"))).attach(model);
            assertThat(module.mergeable()).isTrue();
        }
        OneLinearModel opaque = one();
        opaque.site()
                .replace(new OpaqueLinear(session.ops().copy(opaque.site().op().weight())));
        assertThat(bitfit(true, true, Optional.empty()).attach(opaque).mergeable())
                .isFalse();
    }

    @Test
    void targetsAndNormsCanBeChosen() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            PetMethod method = bitfit(true, false, Optional.of(List.of("all-ffn-out")));

            assertThat(method.attach(model).state().keySet())
                    .containsExactly("toy.layer.0.ffn.out.bias", "toy.layer.1.ffn.out.bias");
            assertThatThrownBy(() ->
                            bitfit(true, false, Optional.of(List.of("wo"))).attach(model))
                    .isInstanceOf(OptionException.class)
                    .hasMessageStartingWith("target_modules: no linear layer has a name with this ending; found wo;");
        }
    }

    @Test
    void theConfigHasATypeOfItsOwn() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            Map<String, Object> all =
                    bitfit(true, true, Optional.empty()).attach(model).peftConfig();
            Map<String, Object> some = bitfit(false, true, Optional.of(List.of("value")))
                    .attach(model)
                    .peftConfig();

            assertThat(all).containsEntry("peft_type", "CPET_BITFIT").containsEntry("target_modules", Optional.empty());
            assertThat(new BitFitFactory().fromPeft(all)).contains(new BitFitOptions(true, true, Optional.empty()));
            assertThat(new BitFitFactory().fromPeft(some))
                    .contains(new BitFitOptions(false, true, Optional.of(List.of("value"))));
        }
    }

    private PetMethod bitfit(boolean addMissing, boolean norms, Optional<List<String>> targets) {
        return new BitFitFactory().create(new BitFitOptions(addMissing, norms, targets), session.context(1));
    }

    private OneLinearModel one() {
        return OneLinearModel.of(session, numbers(new Shape(2, 2), 1, 0, 0, 1));
    }

    private NDArray numbers(Shape shape, float... values) {
        return session.manager().create(values, shape);
    }
}
