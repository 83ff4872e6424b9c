package org.cpet.runtime.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cpet.spi.tensor.Ops;

/** Two forms of the same work timed in turns, so that both see the same machine. */
record InTurns(Ops ops, Workloads.Common common) {
    /** Medians and the fastest rounds in milliseconds with their ratios; other processes disturb the fastest least. */
    Map<String, Object> measure(Runnable dense, Runnable compressed) {
        for (int i = 0; i < common.warmup(); i++) {
            millis(dense);
            millis(compressed);
        }
        List<Double> whole = new ArrayList<>();
        List<Double> small = new ArrayList<>();
        for (int i = 0; i < common.steps(); i++) {
            whole.add(millis(dense));
            small.add(millis(compressed));
        }
        double median = median(whole);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("dense_ms", rounded(median));
        facts.put("compressed_ms", rounded(median(small)));
        facts.put("times_faster", rounded(median / median(small)));
        facts.put("dense_fastest_ms", rounded(fastest(whole)));
        facts.put("compressed_fastest_ms", rounded(fastest(small)));
        facts.put("times_faster_by_fastest", rounded(fastest(whole) / fastest(small)));
        facts.put("rounds", common.steps());
        return facts;
    }

    private double millis(Runnable work) {
        long start = System.nanoTime();
        Ops.Scope scope = ops.scope();
        try (scope) {
            ops.withoutGradients(() -> {
                work.run();
                return work;
            });
        }
        return (System.nanoTime() - start) / 1e6;
    }

    private static double fastest(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    private static double rounded(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.3f", value));
    }
}
