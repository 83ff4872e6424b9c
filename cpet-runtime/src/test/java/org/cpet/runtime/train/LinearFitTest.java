package org.cpet.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.SplittableRandom;
import org.cpet.runtime.engine.DeviceChoice;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.spi.tensor.Initializers;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class LinearFitTest {
    private static final EngineSession SESSION = EngineSession.open(DeviceChoice.parse("cpu"), 1);

    private final Ops ops = SESSION.ops();
    private final NDManager manager = SESSION.manager();
    private final SplittableRandom random = new SplittableRandom(3);

    @AfterAll
    static void close() {
        SESSION.close();
    }

    /** X_t = X_s R: the rotated module gives out the same. */
    @Test
    void aRotationIsFoundExactly() {
        NDArray x = normal(60, 6);
        NDArray other = normal(20, 6);
        NDArray rotation = ops.principal(gram(other, other), 6);
        assertThat(gram(rotation, rotation)
                        .sub(manager.eye(6).toType(DataType.FLOAT64, false))
                        .abs()
                        .max()
                        .getDouble())
                .as("eigenvectors are orthonormal")
                .isLessThan(1e-12);
        NDArray turned = x.matMul(rotation);
        NDArray map = normal(5, 2).matMul(normal(2, 6));

        LinearFit fit = LinearFit.of(ops, gram(x, x), gram(x, turned), gram(turned, turned), map, 2);

        // the ridge is 1e-7 of the inputs' variance
        assertThat(fit.error()).isLessThan(1e-6);
        NDArray found = x.matMul(fit.up().matMul(fit.down()).transpose());
        double distance = found.sub(turned.matMul(map.transpose())).abs().max().getDouble();
        assertThat(distance).isLessThan(1e-5);
    }

    /** Of all maps of rank 1, none is nearer: moving the fit in any direction does not lower its error. */
    @Test
    void noMapOfThatRankIsNearer() {
        NDArray x = normal(60, 4);
        NDArray taught = x.matMul(normal(4, 5)).add(normal(60, 5).mul(0.3));
        NDArray map = normal(3, 5);
        LinearFit fit = LinearFit.of(ops, gram(x, x), gram(x, taught), gram(taught, taught), map, 1);
        NDArray aim = taught.matMul(map.transpose());
        double least = distance(x, fit.up(), fit.down(), aim);

        assertThat(fit.error()).isCloseTo(Math.sqrt(least / aim.square().sum().getDouble()), within(1e-6));
        for (int direction = 0; direction < 20; direction++) {
            NDArray up = fit.up().add(normal(3, 1).mul(0.05));
            NDArray down = fit.down().add(normal(1, 4).mul(0.05));
            assertThat(distance(x, up, down, aim)).isGreaterThan(least);
        }
    }

    @Test
    void aModuleThatSaysNothingIsFittedByNothing() {
        NDArray x = normal(10, 3);
        LinearFit fit = LinearFit.of(
                ops, gram(x, x), gram(x, x), gram(x, x), normal(2, 3).mul(0), 1);

        assertThat(fit.error()).isZero();
        assertThat(fit.down().abs().max().getDouble()).isZero();
    }

    private static double distance(NDArray x, NDArray up, NDArray down, NDArray aim) {
        return x.matMul(up.matMul(down).transpose()).sub(aim).square().sum().getDouble();
    }

    private static NDArray gram(NDArray a, NDArray b) {
        return a.transpose().matMul(b);
    }

    private NDArray normal(long rows, long columns) {
        return Initializers.normal(manager, new Shape(rows, columns), 1, random).toType(DataType.FLOAT64, true);
    }
}
