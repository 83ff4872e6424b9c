package org.cpet.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.function.Function;
import org.cpet.spi.tensor.Ops;

/** Compares the engine's gradients with central differences, both in float64. */
final class FiniteDifferences {
    private static final double STEP = 1e-5;
    // central differences err by about step² (1e-10) plus rounding / step (1e-16 / 1e-5), both times the values' size
    private static final double TOLERANCE = 1e-7;

    private final Ops ops;

    FiniteDifferences(Ops ops) {
        this.ops = ops;
    }

    /** {@code function} of all {@code inputs}; its output is weighted to a scalar so that every element counts. */
    @SuppressWarnings("try") // the scope is opened for what it closes
    void check(List<NDArray> inputs, Function<List<NDArray>, NDArray> function) {
        try (Ops.Scope scope = ops.scope()) {
            List<NDArray> leaves = inputs.stream()
                    .map(input -> ops.trainable(ops.cast(input, DataType.FLOAT64)))
                    .toList();
            NDArray loss = ops.withGradients(() -> weighted(function.apply(leaves)));
            assertThat(loss.getDataType()).isEqualTo(DataType.FLOAT64);
            ops.backward(loss);
            for (NDArray leaf : leaves) {
                double[] gradient = ops.gradient(leaf).toDoubleArray();
                double[] values = leaf.toDoubleArray();
                for (int i = 0; i < values.length; i++) {
                    double numeric = (shifted(leaf, values, i, STEP, leaves, function)
                                    - shifted(leaf, values, i, -STEP, leaves, function))
                            / (2 * STEP);
                    assertThat(gradient[i]).isCloseTo(numeric, within(TOLERANCE * Math.max(1, Math.abs(numeric))));
                }
            }
            leaves.forEach(NDArray::close);
        }
    }

    private double shifted(
            NDArray leaf,
            double[] values,
            int i,
            double step,
            List<NDArray> leaves,
            Function<List<NDArray>, NDArray> function) {
        double[] moved = values.clone();
        moved[i] += step;
        ops.assign(leaf, leaf.getManager().create(moved, leaf.getShape()));
        double loss = weighted(function.apply(leaves)).getDouble();
        ops.assign(leaf, leaf.getManager().create(values, leaf.getShape()));
        return loss;
    }

    private static NDArray weighted(NDArray output) {
        double[] weights = new double[(int) output.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Math.sin(1 + 3 * i);
        }
        return output.mul(output.getManager().create(weights, output.getShape()))
                .sum();
    }
}
