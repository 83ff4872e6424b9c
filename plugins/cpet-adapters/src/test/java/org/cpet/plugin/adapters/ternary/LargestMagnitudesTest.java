package org.cpet.plugin.adapters.ternary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.cpet.spi.contract.Seeded;
import org.junit.jupiter.api.Test;

class LargestMagnitudesTest {
    @Test
    void amongEqualsTheLowestIndexStays() {
        List<float[]> values = List.of(new float[] {1, -2, 2}, new float[] {-2, 3, 2});

        assertThat(LargestMagnitudes.mark(values, 3)).isEqualTo(TernaryMaskTest.mask(0, -1, 1, 0, 1, 0));
        assertThat(LargestMagnitudes.mark(values, 0)).isEqualTo(TernaryMaskTest.mask(0, 0, 0, 0, 0, 0));
        assertThat(LargestMagnitudes.mark(values, 6)).isEqualTo(TernaryMaskTest.mask(1, -1, 1, -1, 1, 1));
    }

    @Test
    void zerosHaveNoSign() {
        assertThat(LargestMagnitudes.mark(List.of(new float[] {0, -0f, Float.MIN_VALUE, 0}), 3))
                .isEqualTo(TernaryMaskTest.mask(0, 0, 1, 0));
    }

    /** Few different values, so that thresholds fall among many equals. */
    @Test
    void agreesWithAStableSort() {
        Seeded.run(seed -> {
            RandomGenerator random = Seeded.random(seed, "values");
            float[] values = new float[500];
            for (int i = 0; i < values.length; i++) {
                values[i] = (i % 2 == 0 ? 1e-4f : 1) * (random.nextInt(21) - 10) / 7f;
            }
            for (int keep : new int[] {1, 7, 250, 499}) {
                int[] signs = new int[values.length];
                IntStream.range(0, values.length)
                        .boxed()
                        .sorted(Comparator.comparing(i -> -Math.abs(values[i])))
                        .limit(keep)
                        .forEach(i -> signs[i] = (int) Math.signum(values[i]));

                assertThat(LargestMagnitudes.mark(List.of(values), keep)).isEqualTo(TernaryMaskTest.mask(signs));
            }
        });
    }
}
