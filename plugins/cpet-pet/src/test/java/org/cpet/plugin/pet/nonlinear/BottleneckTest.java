package org.cpet.plugin.pet.nonlinear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.spi.OptionException;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.tensor.Activation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BottleneckTest {
    private final ContractSession session = ContractSession.open();

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void theNonLinearityStandsBetweenTheProjections() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            LinearSite site = model.linears().stream()
                    .filter(each -> each.name().equals("toy.layer.0.ffn.in"))
                    .findFirst()
                    .orElseThrow();
            NDArray x = session.manager().arange(8f).reshape(1, 8);
            float[] plain = site.forward(x, ForwardMode.EXACT).toFloatArray();
            PetModule module = bottleneck(Activation.RELU).attach(model);
            Map<String, NDArray> state = new LinkedHashMap<>(module.state());
            NDArray down = session.manager().ones(new Shape(2, 8));
            down.set(new ai.djl.ndarray.index.NDIndex(1), -1);
            state.put(site.name() + ".bottleneck_D.weight", down);
            state.put(site.name() + ".bottleneck_U.weight", session.manager().ones(new Shape(12, 2)));
            module.load(state);

            float[] adapted = site.forward(x, ForwardMode.EXACT).toFloatArray();

            // s = 3 / 2; relu(28) + relu(-28) = 28; 28 in float32 sums has no rounding, the layer's own output a little
            for (int i = 0; i < 12; i++) {
                assertThat(adapted[i] - plain[i]).isCloseTo(42, within(1e-4f));
            }
        }
    }

    @Test
    void nothingLinearHereAndNothingToFold() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            PetModule module = bottleneck(Activation.GELU).attach(model);

            assertThat(module.mergeable()).isFalse();
            assertThatThrownBy(module::merge)
                    .isInstanceOf(OptionException.class)
                    .hasMessage("bottleneck cannot be folded into 'toy.layer.0.ffn.in'; found a non-linearity; allowed"
                            + " linear updates such as lora");
        }
        assertThatThrownBy(() -> new BottleneckOptions(2, 3, 0, Activation.IDENTITY, List.of("in")))
                .hasMessage("activation must not be linear; found identity; allowed another one, or type: lora");
    }

    @Test
    void theConfigHasATypeOfItsOwnAndIsReadBack() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            Map<String, Object> config =
                    bottleneck(Activation.SILU).attach(model).peftConfig();

            assertThat(config).containsEntry("peft_type", "CPET_BOTTLENECK").containsEntry("activation", "silu");
            assertThat(new BottleneckFactory().fromPeft(config))
                    .contains(new BottleneckOptions(2, 3, 0, Activation.SILU, List.of("ffn.in")));
        }
    }

    private Bottleneck bottleneck(Activation activation) {
        return new Bottleneck(new BottleneckOptions(2, 3, 0, activation, List.of("ffn.in")), session.context(1));
    }
}
