package org.cpet.plugin.pet.parallel;

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
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.tensor.Activation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ParallelAdapterTest {
    private final ContractSession session = ContractSession.open();

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void whatTheBlockReadsReachesWhatItGives() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            FeedForwardSite block = model.feedForwards().get(0);
            NDArray x = session.manager().arange(8f).reshape(1, 8);
            NDArray inner = session.manager().ones(new Shape(1, 12));
            float[] plain = run(block, x, inner);
            PetModule module = method(1, Activation.RELU, 2, AdapterBlock.FFN).attach(model);
            Map<String, NDArray> state = new LinkedHashMap<>(module.state());
            String name = "toy.layer.0.ffn.out.parallel_adapter_";
            state.put(name + "down.weight", session.manager().ones(new Shape(1, 8)));
            state.put(name + "down.bias", session.manager().create(new float[] {-8}));
            state.put(name + "up.weight", session.manager().ones(new Shape(8, 1)));
            state.put(name + "up.bias", session.manager().zeros(new Shape(8)));
            module.load(state);

            float[] adapted = run(block, x, inner);

            // 2 · relu(0 + 1 + ... + 7 − 8), whatever the last layer reads
            for (int i = 0; i < 8; i++) {
                assertThat(adapted[i] - plain[i]).isCloseTo(40, within(1e-4f));
            }
        }
    }

    @Test
    void blocksCanBeChosen() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            assertThat(method(3, Activation.GELU, 1, AdapterBlock.ATTENTION)
                            .plan(model.layout())
                            .parameters())
                    .containsOnlyKeys("toy.layer.0.attention.output", "toy.layer.1.attention.output")
                    .containsValue(2L * 3 * 8 + 3 + 8);
        }
        assertThatThrownBy(() -> new ParallelAdapterOptions(3, Activation.GELU, 1, List.of()))
                .hasMessage("blocks must name at least one of attention, ffn, was []");
    }

    @Test
    void noWeightDoesTheSame() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            PetModule module =
                    method(3, Activation.IDENTITY, 1, AdapterBlock.FFN).attach(model);

            assertThat(module.mergeable()).isFalse();
            assertThatThrownBy(module::merge)
                    .isInstanceOf(OptionException.class)
                    .hasMessage(
                            "parallel_adapter cannot be folded into 'toy.layer.0.ffn.out'; found an adapter around a"
                                    + " whole block, from the input of 'toy.layer.0.ffn.in'; allowed methods that change one"
                                    + " layer");
        }
    }

    @Test
    void theConfigHasATypeOfItsOwn() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            Map<String, Object> config = method(3, Activation.SILU, 0.5, AdapterBlock.FFN)
                    .attach(model)
                    .peftConfig();

            assertThat(config)
                    .containsEntry("peft_type", "CPET_PARALLEL_ADAPTER")
                    .containsEntry("scale", 0.5)
                    .containsEntry("blocks", List.of("ffn"));
            assertThat(new ParallelAdapterFactory().fromPeft(config))
                    .contains(new ParallelAdapterOptions(3, Activation.SILU, 0.5, List.of(AdapterBlock.FFN)));
        }
    }

    private static float[] run(FeedForwardSite block, NDArray x, NDArray inner) {
        block.ins().get(0).forward(x, ForwardMode.EXACT);
        return block.out().forward(inner, ForwardMode.EXACT).toFloatArray();
    }

    private PetMethod method(int width, Activation activation, double scale, AdapterBlock... blocks) {
        return new ParallelAdapterFactory()
                .create(new ParallelAdapterOptions(width, activation, scale, List.of(blocks)), session.context(1));
    }
}
