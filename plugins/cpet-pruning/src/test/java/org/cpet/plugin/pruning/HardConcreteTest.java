package org.cpet.plugin.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.assertj.core.data.Offset;
import org.cpet.spi.contract.ContractSession;
import org.junit.jupiter.api.Test;

class HardConcreteTest {
    /** What six printed digits leave open. */
    private static final Offset<Float> DIGITS = within(1e-6f);

    @Test
    void gatesAreOpenAndSettleAsWorkedOut() {
        try (ContractSession session = ContractSession.open()) {
            NDArray logits = session.manager().create(new float[] {-2, 0, 2});

            assertThat(HardConcrete.density(session.ops(), logits).toFloatArray())
                    .containsExactly(new float[] {0.400975f, 0.831822f, 0.973367f}, DIGITS);
            assertThat(HardConcrete.settled(session.ops(), logits).toFloatArray())
                    .containsExactly(new float[] {0.043044f, 0.5f, 0.956956f}, DIGITS);
        }
    }

    @Test
    void theFirstLogitGivesTheSparsityAskedFor() {
        assertThat(HardConcrete.logit(0.1)).isCloseTo(0.598628, within(1e-6));
        assertThat(HardConcrete.logit(0.5)).isCloseTo(-1.598597, within(1e-6));
        try (ContractSession session = ContractSession.open()) {
            NDArray logit = session.manager().create(new float[] {(float) HardConcrete.logit(0.3)});

            assertThat(HardConcrete.density(session.ops(), logit).getFloat()).isCloseTo(0.7f, DIGITS);
        }
    }

    /** The stretch: as many samples are exact zeros as P(z = 0) says, which without it none would be. */
    @Test
    void samplesAreZeroAsOftenAsTheirProbability() {
        try (ContractSession session = ContractSession.open()) {
            int draws = 20_000;
            float[] noise = new float[draws];
            for (int i = 0; i < draws; i++) {
                noise[i] = (float) HardConcrete.noise((i + 0.5) / draws);
            }
            NDArray logits = session.manager().full(new Shape(draws), -1f);
            NDArray z =
                    HardConcrete.sample(session.ops(), logits, session.manager().create(noise));
            double expected = 1 - HardConcrete.density(session.ops(), logits).getFloat(0);

            assertThat(z.eq(0).sum().getLong() / (double) draws).isCloseTo(expected, within(1e-3));
            assertThat(z.eq(1).sum().getLong()).isPositive();
            assertThat(z.min().getFloat()).isZero();
            assertThat(z.max().getFloat()).isEqualTo(1);
        }
    }
}
