package org.cpet.plugin.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SharesTest {
    @Test
    void halvesOfUnitsRoundToEven() {
        assertThat(Shares.kept(5, 0.5)).isEqualTo(2);
        assertThat(Shares.kept(7, 0.5)).isEqualTo(4);
        assertThat(Shares.kept(5, 0.3)).isEqualTo(4);
        assertThat(Shares.kept(5, 0.9)).isEqualTo(1);
    }

    @Test
    void oneUnitIsAlwaysLeft() {
        assertThat(Shares.kept(1, 0.5)).isEqualTo(1);
        assertThat(Shares.kept(12, 0.999)).isEqualTo(1);
    }

    @Test
    void nothingRemovedKeepsAll() {
        assertThat(Shares.kept(12, 0)).isEqualTo(12);
        assertThat(Shares.removed(12, 0)).isZero();
    }

    @Test
    void theReferenceModelsHaveTheseCounts() {
        assertThat(Shares.kept(60, 0.4)).isEqualTo(36);
        assertThat(Shares.kept(45, 0.4)).isEqualTo(27);
        assertThat(Shares.kept(48, 0.4)).isEqualTo(29);
    }

    @Test
    void weightsRoundDownFromTheDecimalShare() {
        // in binary, 0.29 * 100 is 28.999999999999996
        assertThat(Shares.removed(100, 0.29)).isEqualTo(29);
        assertThat(Shares.removed(7, 0.5)).isEqualTo(3);
        assertThat(Shares.removed(1_000_000_000, 0.999_999_999)).isEqualTo(999_999_999);
    }
}
