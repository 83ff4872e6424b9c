package org.cpet.plugin.adapters.ternary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.cpet.spi.InputException;
import org.cpet.spi.contract.Seeded;
import org.junit.jupiter.api.Test;

class TernaryMaskTest {
    private static final TernaryMask A = mask(1, 0, -1, 1, 0, -1, 0, 1);
    private static final TernaryMask B = mask(1, 1, 1, -1, 0, -1, -1, 0);
    private static final TernaryMask C = mask(1, 0, -1, -1, 1, -1, 0, 1);

    @Test
    void bitSetsBeginAtTheLowestBit() {
        assertThat(A.positiveBytes()).isEqualTo(new byte[] {(byte) 0x89});
        assertThat(A.negativeBytes()).isEqualTo(new byte[] {0x24});
        assertThat(B.positiveBytes()).isEqualTo(new byte[] {0x07});
        assertThat(B.negativeBytes()).isEqualTo(new byte[] {0x68});
    }

    @Test
    void productsAndDistancesCountBits() {
        assertThat(A.dot(B)).isZero();
        assertThat(A.dot(C)).isEqualTo(3);
        assertThat(A.distance(B)).isEqualTo(7);
        assertThat(A.count() + B.count() - 2 * A.dot(B)).isEqualTo(11);
    }

    @Test
    void agreesWithEntryByEntryArithmetic() {
        Seeded.run(seed -> {
            int[] a = random(seed, "a", 1_000);
            int[] b = random(seed, "b", 1_000);
            long dot = 0;
            long distance = 0;
            for (int i = 0; i < a.length; i++) {
                dot += a[i] * b[i];
                distance += Math.abs(a[i] - b[i]);
            }

            assertThat(mask(a).dot(mask(b))).isEqualTo(dot);
            assertThat(mask(a).distance(mask(b))).isEqualTo(distance);
        });
    }

    @Test
    void aCutIsTheMaskOfItsEntries() {
        int[] whole = random(1, "whole", 300);
        for (int begin : List.of(0, 1, 63, 64, 65, 170)) {
            for (int count : List.of(0, 1, 64, 127, 130)) {
                int[] part = Arrays.copyOfRange(whole, begin, begin + count);
                float[] filled = new float[count];
                mask(whole).fill(filled, begin, 2);

                assertThat(mask(whole).cut(begin, count)).isEqualTo(mask(part));
                for (int i = 0; i < count; i++) {
                    assertThat(filled[i]).isEqualTo(2f * part[i]);
                }
            }
        }
    }

    @Test
    void bitSetsThatCannotBeAreRefused() {
        refused(8, new byte[] {1}, new byte[] {1}, "entry 0 is both positive and negative; allowed one of the two");
        refused(7, new byte[] {0}, new byte[] {(byte) 0x80}, "bit set 'negative' has a bit beyond its 7 entries");
        refused(9, new byte[] {0}, new byte[] {0, 0}, "bit set 'positive'; found 1 bytes; allowed 2 for 9 entries");
    }

    private static void refused(long length, byte[] positive, byte[] negative, String message) {
        assertThatThrownBy(() -> TernaryMask.of(length, positive, negative))
                .isInstanceOf(InputException.class)
                .hasMessage(message);
    }

    static int[] random(long seed, String name, int count) {
        RandomGenerator random = Seeded.random(seed, name);
        return random.ints(count, -1, 2).toArray();
    }

    static TernaryMask mask(int... signs) {
        TernaryMask mask = TernaryMask.zeros(signs.length);
        for (int i = 0; i < signs.length; i++) {
            if (signs[i] != 0) {
                mask.set(i, signs[i] > 0);
            }
        }
        return mask;
    }
}
