package org.cpet.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.tensor.Ops;

/** Compares gradients with central differences in float64, along random directions that move every element. */
final class Slopes {
    private static final double STEP = 1e-5;

    private Slopes() {}

    /**
     * Checks ⟨∂L/∂p, v⟩ = (L(p + hv) − L(p − hv)) / 2h for a normal direction v.
     *
     * @param parameter a float64 leaf that has its gradient
     */
    static void assertAgree(ContractSession session, TrainableTensor parameter, Supplier<NDArray> loss) {
        Ops ops = session.ops();
        NDArray v = Contracts.noise(session.manager(), parameter, 1);
        double slope = dot(Contracts.numbers(ops.gradient(parameter.value())), Contracts.numbers(v));
        NDArray start = ops.copy(parameter.value());
        at(ops, parameter, start, loss); // a function that is smooth around this point remembers it
        double ahead = at(ops, parameter, start.add(v.mul(STEP)), loss);
        double behind = at(ops, parameter, start.sub(v.mul(STEP)), loss);
        ops.assign(parameter.value(), start);

        double measured = (ahead - behind) / (2 * STEP);
        // rounding gives 1e-16 / h = 1e-11 and the third derivative h² = 1e-10; a wrong formula is off by far more
        assertThat(slope)
                .as("slope of the loss along %s", parameter.name())
                .isCloseTo(measured, within(1e-8 + 1e-6 * Math.abs(measured)));
    }

    private static double at(Ops ops, TrainableTensor parameter, NDArray point, Supplier<NDArray> loss) {
        ops.assign(parameter.value(), point);
        return Contracts.scoped(ops, () -> Contracts.number(loss.get()));
    }

    private static double dot(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    }
}
