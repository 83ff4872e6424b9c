package org.cpet.plugin.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Set;
import org.cpet.spi.compress.CountedTokens;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.model.TokenBatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class CountedTokensTest {
    private static final ContractSession SESSION = ContractSession.open();
    private final NDManager manager = SESSION.manager();
    private final NDArray mask = manager.create(new long[][] {{1, 1, 0}, {0, 1, 1}});
    private final NDArray ids = manager.create(new long[][] {{4, 5, 0}, {0, 6, 7}});
    private final CountedTokens twoStacks = new CountedTokens(Set.of(SELF, FEED), 0);

    private static final String SELF = "decoder.block.0.layer.0.SelfAttention.o";
    private static final String FEED = "decoder.block.0.layer.2.DenseReluDense.wo";
    private static final String CROSS = "decoder.block.0.layer.1.EncDecAttention.k";

    @Test
    void whatADecoderReadsOfTheEncoderGoesByTheEncodersMask() {
        NDArray labels = manager.create(new long[][] {{8, 1}, {1, TokenBatch.IGNORED}});

        assertThat(twoStacks
                        .of(CROSS, TokenBatch.of(ids, mask).withLabels(labels))
                        .toBooleanArray())
                .containsExactly(true, true, false, false, true, true);
    }

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
                        .of(SELF, TokenBatch.of(ids, mask).withLabels(labels))
                        .toBooleanArray())
                .containsExactly(true, true, true, false);
    }

    @Test
    void withoutLabelsDecodersGoFromTheStartTokenToThePadding() {
        NDArray decoder = manager.create(new long[][] {{0, 8, 1, 0}, {0, 1, 0, 0}});

        assertThat(twoStacks
                        .of(FEED, TokenBatch.of(ids, mask).withDecoderInput(decoder))
                        .toBooleanArray())
                .containsExactly(true, true, true, false, true, true, false, false);
    }

    @Test
    void aStackOfItsOwnIsNoDecoderWhateverItsName() {
        NDArray labels = manager.create(new long[][] {{TokenBatch.IGNORED, 5, 0}, {0, 6, 7}});

        assertThat(new CountedTokens(Set.of(), 0)
                        .of(
                                "model.decoder.layers.0.fc2",
                                TokenBatch.of(ids, mask).withLabels(labels))
                        .toBooleanArray())
                .containsExactly(true, true, false, false, true, true);
    }
}
