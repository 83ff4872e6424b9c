package org.cpet.plugin.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cpet.spi.OptionException;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.model.ModelLayout;
import org.junit.jupiter.api.Test;

/** What the contract cannot know: the formula itself. */
class RoundingTest {
    @Test
    void weightsLieOnTheGrid() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            float[] before = model.linears().get(0).op().weight().toFloatArray();

            rounding(session, 0.25, List.of("all-linear")).compress(model, null);

            float[] after = model.linears().get(0).op().weight().toFloatArray();
            for (int i = 0; i < after.length; i++) {
                assertThat(after[i]).isEqualTo((float) (Math.rint(before[i] / 0.25) * 0.25));
            }
        }
    }

    @Test
    void aTargetThatMatchesNothingIsNamed() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            ModelLayout layout = model.layout();

            assertThatThrownBy(() -> rounding(session, 1, List.of("qurey")).plan(layout))
                    .isInstanceOf(OptionException.class)
                    .hasMessage("target_modules: no linear layer has a name with this ending; found qurey;"
                            + " allowed all-linear, or endings of names such as in, key, out, output, query, value;"
                            + " did you mean query?");
        }
    }

    @Test
    void aStepOfZeroIsRefused() {
        assertThatThrownBy(() -> new RoundingOptions(0, List.of("all-linear"), List.of()))
                .isInstanceOf(OptionException.class)
                .hasMessage("step must be above 0, was 0.0");
    }

    private static Compressor rounding(ContractSession session, double step, List<String> targets) {
        return new RoundingFactory().create(new RoundingOptions(step, targets, List.of()), session.context(1));
    }
}
