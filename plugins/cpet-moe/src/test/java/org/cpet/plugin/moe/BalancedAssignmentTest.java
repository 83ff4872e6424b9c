package org.cpet.plugin.moe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BalancedAssignmentTest {
    @Test
    void noOtherAssignmentIsCheaper() {
        SplittableRandom random = new SplittableRandom(5);
        for (int trial = 0; trial < 200; trial++) {
            int clusters = 2 + trial % 2;
            int items = clusters * (6 / clusters);
            float[] cost = new float[items * clusters];
            for (int i = 0; i < cost.length; i++) {
                // few different values, so that ties and zero-cost moves occur
                cost[i] = trial % 3 == 0 ? random.nextInt(4) : (float) random.nextDouble(-1, 1);
            }

            int[] labels = BalancedAssignment.of(cost, items, clusters);

            assertThat(sizes(labels, clusters)).containsOnly(items / clusters);
            // sums of the same numbers in another order
            assertThat(total(cost, labels, clusters))
                    .isLessThanOrEqualTo(cheapest(cost, new int[items], 0, clusters) + 1e-9);
        }
    }

    @Test
    void aFarItemPushesOthersAlongAChain() {
        // both items like cluster 0; the second one loses more by leaving it
        assertThat(BalancedAssignment.of(new float[] {0, 1, 0, 5}, 2, 2)).containsExactly(1, 0);
    }

    private static double cheapest(float[] cost, int[] labels, int item, int clusters) {
        if (item == labels.length) {
            return sizes(labels, clusters).equals(sizes(balanced(labels.length, clusters), clusters))
                    ? total(cost, labels, clusters)
                    : Double.POSITIVE_INFINITY;
        }
        double least = Double.POSITIVE_INFINITY;
        for (int cluster = 0; cluster < clusters; cluster++) {
            labels[item] = cluster;
            least = Math.min(least, cheapest(cost, labels, item + 1, clusters));
        }
        return least;
    }

    private static int[] balanced(int items, int clusters) {
        int[] labels = new int[items];
        Arrays.setAll(labels, item -> item % clusters);
        return labels;
    }

    private static List<Integer> sizes(int[] labels, int clusters) {
        Integer[] sizes = new Integer[clusters];
        Arrays.fill(sizes, 0);
        for (int label : labels) {
            sizes[label]++;
        }
        return Arrays.asList(sizes);
    }

    private static double total(float[] cost, int[] labels, int clusters) {
        double total = 0;
        for (int item = 0; item < labels.length; item++) {
            total += cost[item * clusters + labels[item]];
        }
        return total;
    }
}
