package org.cpet.plugin.data;

import java.util.List;
import org.cpet.spi.metric.Metric;

/**
 * F1 of a class = 2·TP / (2·TP + FP + FN), 0 when the class was neither expected nor predicted; the mean over the
 * classes that count. A prediction that is no label is a miss of what was expected and a false alarm for no class.
 */
final class F1 implements Metric {
    private final List<String> labels;
    private final List<String> counted;
    private final long[] expectedCount;
    private final long[] predictedCount;
    private final long[] hits;
    private long all;

    /**
     * @param labels in class order
     * @param counted the classes to average over
     */
    F1(List<String> labels, List<String> counted) {
        this.labels = List.copyOf(labels);
        this.counted = List.copyOf(counted);
        this.expectedCount = new long[labels.size()];
        this.predictedCount = new long[labels.size()];
        this.hits = new long[labels.size()];
    }

    @Override
    public void add(String expected, String predicted) {
        all++;
        int truth = labels.indexOf(expected);
        int answer = labels.indexOf(predicted);
        if (truth >= 0) {
            expectedCount[truth]++;
        }
        if (answer >= 0) {
            predictedCount[answer]++;
            hits[answer] += answer == truth ? 1 : 0;
        }
    }

    @Override
    public double value() {
        return all == 0
                ? Double.NaN
                : counted.stream().mapToDouble(this::of).average().orElse(Double.NaN);
    }

    private double of(String label) {
        int k = labels.indexOf(label);
        // 2·TP + FP + FN = predicted + expected
        long sum = predictedCount[k] + expectedCount[k];
        return sum == 0 ? 0 : 2.0 * hits[k] / sum;
    }
}
