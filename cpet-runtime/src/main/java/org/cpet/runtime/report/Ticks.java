package org.cpet.runtime.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** An axis from a round number to a round number, with about five steps of 1, 2 or 5 times a power of ten. */
record Ticks(double low, double high, double step) {
    static Ticks over(double... values) {
        double min = Arrays.stream(values).min().orElse(0);
        double max = Arrays.stream(values).max().orElse(1);
        if (max - min < 1e-12) {
            max = min + 1;
        }
        double rough = (max - min) / 5;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double factor = rough / power;
        double step = power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
        return new Ticks(Math.floor(min / step) * step, Math.ceil(max / step) * step, step);
    }

    List<Double> values() {
        List<Double> values = new ArrayList<>();
        for (long i = 0; low + i * step <= high + step / 2; i++) {
            values.add(low + i * step);
        }
        return values;
    }

    String label(double value) {
        int digits = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
