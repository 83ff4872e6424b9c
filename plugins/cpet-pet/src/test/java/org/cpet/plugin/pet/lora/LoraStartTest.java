package org.cpet.plugin.pet.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.cpet.spi.OptionException;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.OneLinearModel;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LowRankStart;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetModule;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class LoraStartTest {
    private static final ContractSession SESSION = ContractSession.open();
    private final NDManager manager = SESSION.manager();

    @AfterAll
    static void close() {
        SESSION.close();
    }

    @Test
    void theUpdateIsWhatTheCompressorLeftWhateverTheScale() {
        SESSION.ops().seed(7);
        NDArray x = manager.randomNormal(new Shape(3, 6));
        NDArray down = manager.randomNormal(new Shape(2, 6));
        NDArray up = manager.randomNormal(new Shape(4, 2));
        try (OneLinearModel model = OneLinearModel.of(SESSION, manager.randomNormal(new Shape(4, 6)))) {
            float[] expected = model.apply(x, ForwardMode.EXACT)
                    .add(x.matMul(up.matMul(down).transpose()))
                    .toFloatArray();
            model.site().leave(new LowRankStart(down, up));
            try (PetModule module = lora(2).attach(model)) {
                // float32 sums in another order
                assertThat(model.apply(x, ForwardMode.EXACT).toFloatArray()).containsExactly(expected, within(1e-5f));
            }
        }
    }

    @Test
    void withoutFactorsTheWayOutIsNamed() {
        String message =
                "init: loftq starts from what a compressor left; found nothing at layer; allowed init: fresh, or"
                        + " loftq under compression without a teacher";
        try (OneLinearModel model = OneLinearModel.of(SESSION, manager.ones(new Shape(4, 6)))) {
            assertThatThrownBy(() -> lora(2).plan(model.layout()))
                    .isInstanceOf(OptionException.class)
                    .hasMessage(message);
            assertThatThrownBy(() -> lora(2).attach(model))
                    .isInstanceOf(OptionException.class)
                    .hasMessage(message);
            model.site().leave(new LowRankStart(manager.ones(new Shape(3, 6)), manager.ones(new Shape(4, 3))));
            assertThatThrownBy(() -> lora(2).attach(model))
                    .isInstanceOf(OptionException.class)
                    .hasMessage("init: loftq needs the r of the compressor; found r 2 for the rank 3 of layer;"
                            + " allowed r 3");
        }
    }

    private static PetMethod lora(int rank) {
        LoraOptions options = new LoraOptions(rank, 16, 0, false, false, LoraStart.LOFTQ, List.of("layer"));
        return new LoraFactory().create(options, SESSION.context(1));
    }
}
