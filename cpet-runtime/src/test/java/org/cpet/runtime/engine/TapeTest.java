package org.cpet.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.cpet.spi.tensor.Activation;
import org.cpet.spi.tensor.AdamWSettings;
import org.cpet.spi.tensor.CustomFunction;
import org.cpet.spi.tensor.Initializers;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Gradients through functions with a backward pass of their own equal those that libtorch derives. */
class TapeTest {
    private static final EngineSession SESSION = EngineSession.open(DeviceChoice.parse("cpu"), 1);
    private static final int WIDTH = 6;

    private final Ops ops = SESSION.ops();
    private final SplittableRandom random = new SplittableRandom(7);
    private NDManager manager;
    private NDArray adapter;
    private NDArray first;
    private NDArray second;
    private NDArray x;

    @AfterAll
    static void closeEngine() {
        SESSION.close();
    }

    @BeforeEach
    void draw() {
        manager = SESSION.manager().newSubManager();
        adapter = ops.trainable(normal(WIDTH, WIDTH));
        first = normal(WIDTH, WIDTH);
        second = normal(WIDTH, WIDTH);
        x = normal(3, WIDTH);
    }

    @AfterEach
    void free() {
        manager.close();
    }

    @Test
    void aResidualBlockWithFrozenLayersHasLibtorchsGradient() {
        NDArray derived = gradient(() -> {
            NDArray h = x.matMul(adapter);
            NDArray branch = h.matMul(first.transpose()).tanh().matMul(second.transpose());
            NDArray gate = h.matMul(second.transpose());
            return h.add(branch.mul(gate)).square().mean();
        });

        NDArray found = gradient(() -> {
            NDArray h = ops.joint(x.matMul(adapter));
            NDArray branch = ops.linear(ops.linear(h, first).tanh(), second);
            return h.add(branch.mul(ops.linear(h, second))).square().mean();
        });

        assertClose(found, derived);
    }

    @Test
    void aTensorUsedOftenWithoutAJointStillHasTheRightGradient() {
        NDArray derived = gradient(() -> {
            NDArray h = x.matMul(adapter).tanh();
            return h.matMul(first.transpose())
                    .mul(h.matMul(second.transpose()))
                    .add(h)
                    .mean();
        });

        NDArray found = gradient(() -> {
            NDArray h = x.matMul(adapter).tanh();
            return ops.linear(h, first).mul(ops.linear(h, second)).add(h).mean();
        });

        assertClose(found, derived);
    }

    @Test
    void aSidePathHasLibtorchsGradients() {
        NDArray down = ops.trainable(normal(2, WIDTH));
        NDArray up = ops.trainable(normal(WIDTH, 2));
        NDArray target = normal(3, WIDTH);
        List<NDArray> leaves = List.of(adapter, down, up);
        List<NDArray> derived = gradients(leaves, () -> {
            NDArray h = x.matMul(adapter);
            NDArray side = ops.activation(h.matMul(down.transpose()), Activation.GELU)
                    .matMul(up.transpose())
                    .mul(0.5f);
            return h.matMul(first.transpose()).add(side).sub(target).square().mean();
        });

        List<NDArray> found = gradients(leaves, () -> {
            NDArray h = ops.joint(x.matMul(adapter));
            NDArray y = ops.addBottleneck(ops.linear(h, first), h, down, up, 0.5, Activation.GELU);
            return y.sub(target).square().mean();
        });

        for (int i = 0; i < leaves.size(); i++) {
            assertClose(found.get(i), derived.get(i));
        }
    }

    @Test
    void aRecomputedPartHasTheSameGradientsAndTheSameDropout() {
        NDArray inner = ops.trainable(normal(WIDTH, WIDTH));
        List<NDArray> leaves = List.of(adapter, inner);
        UnaryOperator<NDArray> block = h -> {
            NDArray j = ops.joint(h);
            return ops.dropout(ops.linear(ops.linear(j, inner).tanh(), first), 0.5)
                    .add(j);
        };
        ops.seed(5);
        List<NDArray> once = gradients(
                leaves,
                () -> ops.recomputed(List.of(x.matMul(adapter)), in -> block.apply(in.get(0)))
                        .square()
                        .mean());

        ops.seed(5);
        List<NDArray> again = gradients(
                leaves,
                () -> ops.recomputed(List.of(x.matMul(adapter)), in -> block.apply(in.get(0)))
                        .square()
                        .mean());

        assertThat(again.get(0).toFloatArray()).containsExactly(once.get(0).toFloatArray());
        assertThat(again.get(1).toFloatArray()).containsExactly(once.get(1).toFloatArray());
        UnaryOperator<NDArray> whole =
                h -> ops.linear(ops.linear(h, inner).tanh(), first).add(h);
        List<NDArray> kept =
                gradients(leaves, () -> whole.apply(x.matMul(adapter)).square().mean());
        List<NDArray> recomputed = gradients(
                leaves,
                () -> ops.recomputed(List.of(x.matMul(adapter)), in -> whole.apply(in.get(0)))
                        .square()
                        .mean());
        assertClose(recomputed.get(0), kept.get(0));
        assertClose(recomputed.get(1), kept.get(1));
    }

    @Test
    void trainableTensorsInsideARecomputedPartAreReachedWithoutAnInputThatNeedsAGradient() {
        NDArray derived = gradient(() -> x.matMul(adapter).square().mean());

        NDArray found = gradient(
                () -> ops.recomputed(List.of(x), in -> in.get(0).matMul(adapter).square())
                        .mean());

        assertClose(found, derived);
    }

    @Test
    void tidyFreesAllButItsResultAndKeepsTheGraph() {
        List<NDArray> inside = new ArrayList<>();
        NDArray derived = gradient(() -> x.matMul(adapter).square().add(1).mean());

        NDArray found = gradient(() -> {
            NDArray loss = ops.tidy(() -> {
                inside.add(x.matMul(adapter));
                return inside.get(0).square().add(1).mean();
            });
            assertThatThrownBy(inside.get(0)::toFloatArray).isInstanceOf(IllegalStateException.class);
            return loss;
        });

        assertClose(found, derived);
    }

    @Test
    void tidyMayGiveBackWhatOthersOwn() {
        NDArray same = ops.tidy(() -> x);

        assertThat(same.toFloatArray()).containsExactly(x.toFloatArray());
        same.close();
        assertThat(x.toFloatArray()).hasSize(3 * WIDTH);
    }

    @Test
    void aPassThatIsNotRunBackLeavesNothingBehind() {
        int arrays = SESSION.manager().getManagedArrays().size()
                + manager.getManagedArrays().size();
        try (Ops.Scope scope = ops.scope()) {
            assertThat(scope).isNotNull();
            ops.withGradients(() -> ops.linear(ops.joint(x.matMul(adapter)), first));
        }

        assertThat(SESSION.manager().getManagedArrays().size()
                        + manager.getManagedArrays().size())
                .isEqualTo(arrays);
        assertClose(
                gradient(() -> ops.linear(x.matMul(adapter), first).mean()),
                gradient(() -> x.matMul(adapter).matMul(first.transpose()).mean()));
    }

    @Test
    void theOptimizerReadsAGradientThatArrivedTransposed() {
        NDArray start = normal(WIDTH, 2);
        NDArray other = ops.trainable(start);
        NDArray slope = normal(2, WIDTH);
        try (Ops.Scope scope = ops.scope()) {
            assertThat(scope).isNotNull();
            ops.backward(ops.withGradients(
                    () -> ops.custom(List.of(other), new Turned(slope)).sum()));
            NDArray zeros = manager.zeros(start.getShape());
            ops.adamW(List.of(other), List.of(zeros), List.of(zeros.duplicate()), 1, AdamWSettings.of(0.5, 0));
        }

        float[] moved = other.sub(start).toFloatArray();
        float[] signs = slope.transpose().sign().mul(-0.5f).toFloatArray();
        for (int i = 0; i < moved.length; i++) {
            // the first step of AdamW is the rate against the gradient's sign, but for epsilon
            assertThat(moved[i]).isCloseTo(signs[i], within(1e-4f));
        }
    }

    /** y = 0, with a gradient that is a view of other memory with its axes turned. */
    private record Turned(NDArray slope) implements CustomFunction {
        @Override
        public NDArray forward(UnaryOperator<NDArray> keep) {
            return slope.getManager().zeros(new Shape(1));
        }

        @Override
        public List<NDArray> backward(NDArray gradient) {
            return List.of(slope.transpose());
        }
    }

    @Test
    void aFunctionOfAPluginKeepsWhatItsBackwardNeeds() {
        NDArray derived = gradient(() -> x.matMul(adapter).square().mean());

        NDArray found = gradient(() -> {
            NDArray squares = ops.tidy(() -> {
                NDArray h = x.matMul(adapter);
                return ops.custom(List.of(h), new Square(h));
            });
            return squares.mean();
        });

        assertClose(found, derived);
    }

    /** y = x², backward 2 x g. */
    private static final class Square implements CustomFunction {
        private final NDArray x;
        private NDArray kept;

        Square(NDArray x) {
            this.x = x;
            this.kept = x;
        }

        @Override
        public NDArray forward(UnaryOperator<NDArray> keep) {
            kept = keep.apply(x);
            return x.square();
        }

        @Override
        public List<NDArray> backward(NDArray gradient) {
            return List.of(gradient.mul(kept).mul(2));
        }
    }

    private NDArray gradient(Supplier<NDArray> loss) {
        return gradients(List.of(adapter), loss).get(0);
    }

    private List<NDArray> gradients(List<NDArray> leaves, Supplier<NDArray> loss) {
        try (Ops.Scope scope = ops.scope()) {
            ops.backward(ops.withGradients(loss));
            List<NDArray> found = new ArrayList<>();
            for (NDArray leaf : leaves) {
                found.add(scope.keep(ops.gradient(leaf).duplicate(), leaf));
                ops.zeroGradient(leaf);
            }
            return found;
        }
    }

    private static void assertClose(NDArray found, NDArray expected) {
        assertThat(found.getShape()).isEqualTo(expected.getShape());
        NDArray distance = found.toType(DataType.FLOAT64, true)
                .sub(expected.toType(DataType.FLOAT64, true))
                .abs()
                .max();
        double size = expected.toType(DataType.FLOAT64, true).abs().max().getDouble();
        assertThat(size).isPositive();
        assertThat(distance.getDouble()).isLessThan(1e-5 * size); // two orders of summation in float32
    }

    private NDArray normal(long... shape) {
        return Initializers.normal(manager, new Shape(shape), 1, random);
    }
}
