package org.cpet.runtime.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cpet.runtime.train.Scorer;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/**
 * How long a forward pass takes: repeated passes of one batch, after a warm-up. Each pass ends when one
 * of its values has arrived on the host, so that a device's queue is not what is measured.
 */
public record Latency(int warmUp, int fewest, int most, double seconds) {
    /** Between 5 and 50 passes after 3 for warming up, for about two seconds. */
    public static final Latency STANDARD = new Latency(3, 5, 50, 2.0);

    /** Times single passes. */
    public Scorer.Timing measure(Ops ops, TransformerModel model, TokenBatch batch, ForwardMode mode) {
        for (int i = 0; i < warmUp; i++) {
            pass(ops, model, batch, mode);
        }
        List<Long> nanos = new ArrayList<>();
        long total = 0;
        while (nanos.size() < fewest || (nanos.size() < most && total < seconds * 1e9)) {
            long one = pass(ops, model, batch, mode);
            nanos.add(one);
            total += one;
        }
        Collections.sort(nanos);
        int middle = nanos.size() / 2;
        long twice = nanos.get(middle) + nanos.get((nanos.size() - 1) / 2);
        double mean = total / 1e6 / nanos.size();
        double squares =
                nanos.stream().mapToDouble(one -> Math.pow(one / 1e6 - mean, 2)).sum();
        return new Scorer.Timing(twice / 2e6, mean, Math.sqrt(squares / (nanos.size() - 1)), nanos.size());
    }

    @SuppressWarnings("try") // the scope frees the pass's tensors
    private static long pass(Ops ops, TransformerModel model, TokenBatch batch, ForwardMode mode) {
        return ops.withoutGradients(() -> {
            long start = System.nanoTime();
            try (Ops.Scope scope = ops.scope()) {
                NDArray last = model.forward(batch, mode).lastHidden().flatten().get(0);
                ops.cast(last, DataType.FLOAT32).getFloat();
            }
            return System.nanoTime() - start;
        });
    }
}
