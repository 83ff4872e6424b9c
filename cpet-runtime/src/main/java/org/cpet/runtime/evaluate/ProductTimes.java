package org.cpet.runtime.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.cpet.runtime.train.Scorer;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Initializers;
import org.cpet.spi.tensor.Ops;
import org.cpet.spi.tensor.PreparedLinear;

/**
 * Times single products of a model's packed layers beside the same layer dense and in 8 bits: the largest layer of each
 * form, for one row, as decoding has it, and for a batch of rows.
 */
final class ProductTimes {
    private static final List<Integer> ROWS = List.of(1, 512);
    private static final int FEWEST = 5;
    private static final int MOST = 25;
    private static final long NANOS = 50_000_000;
    private static final long SEED = 7;

    private final Ops ops;

    ProductTimes(Ops ops) {
        this.ops = ops;
    }

    /** None where all layers are dense. */
    List<Scorer.Product> of(TransformerModel model) {
        Map<String, LinearSite> largest = new LinkedHashMap<>();
        for (LinearSite site : model.linears()) {
            if (!(site.op() instanceof DenseLinear)) {
                largest.merge(site.op().storage(), site, (one, other) -> size(other) > size(one) ? other : one);
            }
        }
        List<Scorer.Product> products = new ArrayList<>();
        largest.values().forEach(site -> ROWS.forEach(rows -> products.add(measure(site.op(), rows))));
        return products;
    }

    private static long size(LinearSite site) {
        return (long) site.op().in() * site.op().out();
    }

    @SuppressWarnings("try") // the scope frees the operands
    private Scorer.Product measure(LinearOp op, int rows) {
        return ops.withoutGradients(() -> {
            try (Ops.Scope scope = ops.scope()) {
                NDArray weight = op.weight();
                NDArray x = ops.cast(
                        Initializers.normal(
                                weight.getManager(), new Shape(rows, op.in()), 1, new SplittableRandom(SEED)),
                        weight.getDataType());
                DataType type = weight.getDataType();
                // a packed layer may keep its bias wider than what it stands for
                List<NDArray> bias =
                        op.bias().stream().map(one -> ops.cast(one, type)).toList();
                try (PreparedLinear int8 = ops.prepareInt8(ops.quantizeRows(weight), op.bias())) {
                    double[] millis = inTurns(List.of(
                            () -> op.apply(x, ForwardMode.DEPLOYED),
                            () -> dense(x, weight, bias),
                            () -> int8.apply(x)));
                    return new Scorer.Product(
                            op.storage(), op.in(), op.out(), rows, millis[0], type.toString(), millis[1], millis[2]);
                }
            }
        });
    }

    private NDArray dense(NDArray x, NDArray weight, List<NDArray> bias) {
        return bias.isEmpty() ? ops.linear(x, weight) : ops.linear(x, weight, bias.get(0));
    }

    /** The medians of products that take turns. */
    private double[] inTurns(List<Supplier<NDArray>> products) {
        List<List<Long>> nanos = products.stream()
                .map(product -> (List<Long>) new ArrayList<Long>())
                .toList();
        products.forEach(this::nanos); // what is made on first use
        long end = System.nanoTime() + NANOS * products.size();
        for (int turn = 0; turn < FEWEST || (turn < MOST && System.nanoTime() < end); turn++) {
            for (int i = 0; i < products.size(); i++) {
                nanos.get(i).add(nanos(products.get(i)));
            }
        }
        return nanos.stream().mapToDouble(ProductTimes::median).toArray();
    }

    @SuppressWarnings("try") // the scope frees the product
    private long nanos(Supplier<NDArray> product) {
        long start = System.nanoTime();
        try (Ops.Scope scope = ops.scope()) {
            ops.cast(product.get().flatten().get("0:1"), DataType.FLOAT32).toFloatArray(); // waits for a device
        }
        return System.nanoTime() - start;
    }

    private static double median(List<Long> nanos) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2e6;
    }
}
