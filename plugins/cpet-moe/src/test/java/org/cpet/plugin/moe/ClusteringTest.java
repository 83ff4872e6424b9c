package org.cpet.plugin.moe;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cpet.spi.contract.ContractSession;
import org.junit.jupiter.api.Test;

class ClusteringTest {
    private static final int[] PLANTED = {0, 1, 2, 2, 1, 0, 0, 2, 1, 1, 0, 2};

    @Test
    void kMeansFindsPlantedDirectionsWhateverTheirLength() {
        float[][] rows = new float[PLANTED.length][3];
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < 3; j++) {
                rows[i][j] = (float) ((PLANTED[i] == j ? 1 : 0) + random.nextDouble(-0.1, 0.1)) * (1 + 5 * i);
            }
        }
        try (ContractSession session = ContractSession.open();
                NDArray weight = session.manager().create(rows)) {
            int[] labels = new BalancedKMeans(session.ops(), new SplittableRandom(7)).labels(weight, 3);

            assertThat(same(labels)).isEqualTo(same(PLANTED));
        }
    }

    @Test
    void partitionsKeepPlantedGroupsTogether() {
        int n = PLANTED.length;
        float[] edges = new float[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                edges[i * n + j] = i == j ? 0 : PLANTED[i] == PLANTED[j] ? 3 : 1;
            }
        }

        assertThat(same(BalancedPartition.labels(edges, n, 3))).isEqualTo(same(PLANTED));
    }

    @Test
    void exchangesMendAGreedyStart() {
        // 0 has the largest degree and takes 2 (weight 4) first, but 0 with 1 and 2 with 3 keep 3 + 3 inside
        float[] edges = {0, 3, 4, 0, 3, 0, 0, 0.5f, 4, 0, 0, 3, 0, 0.5f, 3, 0};

        assertThat(same(BalancedPartition.labels(edges, 4, 2))).isEqualTo(same(new int[] {0, 0, 1, 1}));
    }

    /** Counts 0, 0, 2, 2, 5, ...: the first tenth that is not 0 sets the unit, and less than a unit is no edge. */
    @Test
    void edgeWeightsAreWholeUnitsOfTheFirstQuantileThatIsNotZero() {
        float[] counts = {9, 0, 2, 0, 9, 5, 2, 5, 9};

        // sorted 0 0 2 2 5 5 9 9 9; positions 0, 1, 2: 0, 0, 2 at three tenths; unit 1.98
        assertThat(CoactivationGraph.weights(counts, 3)).containsExactly(0, 0, 1, 0, 0, 2, 1, 2, 0);
    }

    /** Which pairs are together: labels up to their numbering. */
    private static String same(int[] labels) {
        int[][] pairs = IntStream.range(0, labels.length)
                .mapToObj(i -> IntStream.range(0, labels.length)
                        .map(j -> labels[i] == labels[j] ? 1 : 0)
                        .toArray())
                .toArray(int[][]::new);
        return Arrays.deepToString(pairs);
    }
}
