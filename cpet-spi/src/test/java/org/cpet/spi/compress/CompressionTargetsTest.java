package org.cpet.spi.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cpet.spi.OptionException;
import org.cpet.spi.model.LinearRole;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTask;
import org.junit.jupiter.api.Test;

class CompressionTargetsTest {
    private static final ModelLayout LAYOUT = new ModelLayout(
            "toy",
            ModelTask.SEQ_CLS,
            16,
            10,
            "",
            List.of(),
            List.of(),
            List.of(
                    LinearSpec.dense("layer.0.query", LinearRole.QUERY, 16, 16, true),
                    LinearSpec.dense("layer.0.out", LinearRole.FFN_OUT, 16, 32, true),
                    LinearSpec.dense("classifier", LinearRole.CLASSIFIER, 2, 16, true)),
            List.of(),
            List.of());

    @Test
    void allLinearStopsAtTheBlocks() {
        assertThat(new CompressionTargets(List.of("all-linear"), List.of()).names(LAYOUT))
                .containsExactly("layer.0.query", "layer.0.out");
    }

    @Test
    void includeReachesTheClassifier() {
        assertThat(new CompressionTargets(List.of("query"), List.of("classifier")).names(LAYOUT))
                .containsExactly("layer.0.query", "classifier");
    }

    @Test
    void targetModulesDoNotReachTheClassifier() {
        assertThatThrownBy(() -> new CompressionTargets(List.of("classifier"), List.of()).names(LAYOUT))
                .isInstanceOf(OptionException.class)
                .hasMessage("target_modules: no linear layer has a name with this ending; found classifier;"
                        + " allowed all-linear, or endings of names such as out, query");
    }

    @Test
    void anEndingThatChoosesNothingNamesTheNearest() {
        assertThatThrownBy(() -> new CompressionTargets(List.of("all-linear"), List.of("clasifier")).names(LAYOUT))
                .isInstanceOf(OptionException.class)
                .hasMessage("include: no linear layer has a name with this ending; found clasifier;"
                        + " allowed all-linear, or endings of names such as classifier, out, query;"
                        + " did you mean classifier?");
    }

    @Test
    void resizingKeepsTheBytesOfScalesAndBias() {
        LinearSpec int8 = LAYOUT.linear("layer.0.query").stored("int8", 16 * 16 + 8 * 16);

        assertThat(LAYOUT.linear("layer.0.query").resized(8, 16).bytes()).isEqualTo(4 * 8 * 16 + 4 * 8);
        assertThat(LAYOUT.linear("layer.0.out").resized(16, 8).bytes()).isEqualTo(4 * 16 * 8 + 4 * 16);
        assertThat(int8.resized(16, 12).bytes()).isEqualTo(16 * 12 + 8 * 16);
    }
}
