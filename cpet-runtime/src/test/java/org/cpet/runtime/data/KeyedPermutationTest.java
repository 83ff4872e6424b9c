package org.cpet.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyedPermutationTest {
    @Test
    void holdsEveryNumberOnce() {
        for (int n : new int[] {0, 1, 2, 1000}) {
            assertThat(IntStream.of(KeyedPermutation.of(n, 42, 7)).sorted())
                    .containsExactlyElementsOf(IntStream.range(0, n).boxed().toList());
        }
    }

    @Test
    void dependsOnEveryKeyAndTheirOrder() {
        int[] order = KeyedPermutation.of(50, 1, 2);

        assertThat(KeyedPermutation.of(50, 1, 2)).isEqualTo(order);
        assertThat(KeyedPermutation.of(50, 2, 1)).isNotEqualTo(order);
        assertThat(KeyedPermutation.of(50, 1, 3)).isNotEqualTo(order);
        assertThat(KeyedPermutation.of(50, 1)).isNotEqualTo(order);
    }

    @Test
    void drawsTheSameNumbersOnEveryJdk() {
        assertThat(KeyedPermutation.of(10, 42, 0)).containsExactly(7, 6, 3, 2, 8, 4, 1, 9, 5, 0);
    }

    @Test
    void everyPlaceIsEquallyLikely() {
        int draws = 20_000;
        int[] first = new int[5];
        for (int seed = 0; seed < draws; seed++) {
            first[KeyedPermutation.of(5, seed)[0]]++;
        }

        // expected 4,000 each; 5 standard deviations of a binomial are 283
        assertThat(IntStream.of(first)).allSatisfy(count -> assertThat(count).isBetween(3_717, 4_283));
    }
}
