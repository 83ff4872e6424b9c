package org.cpet.plugin.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.cpet.spi.compress.CountedTokens;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TokenBatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class CountedTokensTest {
    private static final ContractSession SESSION = ContractSession.open();
    private final NDManager manager = SESSION.manager();
    private final NDArray mask = manager.create(new long[][] {{1, 1, 0}, {0, 1, 1}});
    private final NDArray ids = manager.create(new long[][] {{4, 5, 0}, {0, 6, 7}});
    private final CountedTokens twoStacks = new CountedTokens(ModelTask.SEQ2SEQ_LM, 0);

    @AfterAll
    static void close() {
        SESSION.close();
    }

    @Test
    void encodersGoByTheAttentionMask() {
        assertThat(twoStacks
                        .of("encoder.block.0.layer.1.DenseReluDense.wo", TokenBatch.of(ids, mask))
                        .toBooleanArray())
                .containsExactly(true, true, false, false, true, true);
    }

    @Test
    void decodersGoByTheLabelsThatCount() {
        NDArray labels = manager.create(new long[][] {{8, 1}, {1, TokenBatch.IGNORED}});

        assertThat(twoStacks
                        .of(
                                "decoder.block.0.layer.0.SelfAttention.o",
                                TokenBatch.of(ids, mask).withLabels(labels))
                        .toBooleanArray())
                .containsExactly(true, true, true, false);
    }

    @Test
    void withoutLabelsDecodersGoFromTheStartTokenToThePadding() {
        NDArray decoder = manager.create(new long[][] {{0, 8, 1, 0}, {0, 1, 0, 0}});

        assertThat(twoStacks
                        .of(
                                "decoder.block.0.layer.2.DenseReluDense.wo",
                                TokenBatch.of(ids, mask).withDecoderInput(decoder))
                        .toBooleanArray())
                .containsExactly(true, true, true, false, true, true, false, false);
    }

    @Test
    void aStackOfItsOwnIsNoDecoderWhateverItsName() {
        NDArray labels = manager.create(new long[][] {{TokenBatch.IGNORED, 5, 0}, {0, 6, 7}});

        assertThat(new CountedTokens(ModelTask.CAUSAL_LM, 0)
                        .of(
                                "model.decoder.layers.0.fc2",
                                TokenBatch.of(ids, mask).withLabels(labels))
                        .toBooleanArray())
                .containsExactly(true, true, false, false, true, true);
    }
}
