package org.cpet.plugin.moe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearRole;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.tensor.Activation;
import org.cpet.spi.tensor.Initializers;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExpertFeedForwardTest {
    private static final int HIDDEN = 6;
    private static final int UNITS = 12;

    private final ContractSession session = ContractSession.open();
    private final Ops ops = session.ops();
    private final NDManager manager = session.manager();

    @AfterEach
    void close() {
        session.close();
    }

    /** W₁ = [[1,0],[.9,.1],[0,1],[.1,.9]], W₂ = [[1,1,1,1],[2,0,−1,1]], x = [1,−.5]. */
    @Test
    void oneOfTwoExpertsGivesTheWorkedOutput() {
        FeedForwardSite site = site(
                List.of(manager.create(new float[][] {{1, 0}, {0.9f, 0.1f}, {0, 1}, {0.1f, 0.9f}})),
                List.of(manager.create(new float[][] {{1, 1, 1, 1}, {2, 0, -1, 1}})));
        NDArray x = manager.create(new float[][] {{1, -0.5f}});

        NDArray centroids = SimilarityRouter.centroids(site.ins().get(0).op().weight(), 2);
        NDArray distance = Router.directions(x).sub(centroids).norm(new int[] {1});
        ExpertFeedForward one = expert(site, 2, 1, true);

        // four decimals more than the worked numbers have
        assertThat(centroids.toFloatArray())
                .containsExactly(new float[] {0.996942f, 0.055216f, 0.055216f, 0.996942f}, within(1e-6f));
        assertThat(distance.toFloatArray()).containsExactly(new float[] {0.512781f, 1.670288f}, within(2e-6f));
        assertThat(ExpertScores.of(ops, site, x, 2).toFloatArray())
                .containsExactly(new float[] {1.85f, 0}, within(1e-6f));
        assertThat(one.choose(x).toLongArray()).containsExactly(0);
        site.replace(one);
        for (ForwardMode mode : List.of(ForwardMode.EXACT, ForwardMode.DEPLOYED)) {
            assertThat(site.forward(ops, x, units -> units, mode).toFloatArray())
                    .containsExactly(new float[] {1.85f, 2}, within(1e-6f));
        }
    }

    @Test
    void allExpertsAreTheDenseFeedForward() {
        FeedForwardSite site = random(true);
        NDArray x = noise("x", new Shape(2, 5, HIDDEN));
        float[] dense = site.forward(ops, x, units -> units, ForwardMode.EXACT).toFloatArray();

        site.replace(expert(site, 4, 4, true));

        agree(site, x, dense);
    }

    @Test
    void gatheringGivesWhatMaskingGives() {
        for (boolean bias : List.of(true, false)) {
            FeedForwardSite site = random(bias);
            NDArray x = noise("x", new Shape(3, 7, HIDDEN));
            site.replace(expert(site, 4, 2, true));

            agree(
                    site,
                    x,
                    site.forward(ops, x, units -> units, ForwardMode.EXACT).toFloatArray());
        }
    }

    @Test
    void aTokenOfZerosAndPaddingThatIsNoNumberChooseWithoutHarm() {
        FeedForwardSite site = random(true);
        site.replace(expert(site, 4, 2, true));
        float[][] rows = new float[3][HIDDEN];
        rows[1][0] = Float.NaN;
        rows[2][0] = 1;
        NDArray x = manager.create(rows);

        float[] exact = site.forward(ops, x, units -> units, ForwardMode.EXACT).toFloatArray();
        float[] gathered =
                site.forward(ops, x, units -> units, ForwardMode.DEPLOYED).toFloatArray();

        for (int i = 0; i < HIDDEN; i++) {
            assertThat(exact[i]).isFinite();
            assertThat(gathered[2 * HIDDEN + i]).isCloseTo(exact[2 * HIDDEN + i], within(1e-5f));
        }
    }

    @Test
    void whatStandsBesideTheLayersIsGatheredToo() {
        FeedForwardSite site = random(true);
        beside(site.ins().get(0), "in");
        beside(site.out(), "out");
        NDArray x = noise("x", new Shape(2, 4, HIDDEN));
        site.replace(expert(site, 4, 2, true));

        agree(site, x, site.forward(ops, x, units -> units, ForwardMode.EXACT).toFloatArray());
    }

    /** Without a mask a side path makes neurons of other experts non-zero again; with it they stay 0. */
    @Test
    void maskingDecidesWhetherSidePathsReachOtherExperts() {
        for (boolean masks : List.of(true, false)) {
            FeedForwardSite site = random(true);
            NDArray x = noise("x", new Shape(1, 3, HIDDEN));
            site.ins()
                    .get(0)
                    .add((read, mode) ->
                            read.getManager().ones(new Shape(1, 3, UNITS)).mul(0.5));
            site.replace(expert(site, 4, 1, masks));
            NDArray[] units = new NDArray[1];
            try (LinearSite.Observation seen = site.out().observe(u -> units[0] = u.duplicate())) {
                float[] exact = site.forward(ops, x, u -> u, ForwardMode.EXACT).toFloatArray();
                int zeros = 0;
                for (float value : units[0].toFloatArray()) {
                    zeros += value == 0 ? 1 : 0;
                }

                // 9 of 12 neurons are outside for each of three tokens; some inside are 0 by themselves
                assertThat(zeros).isBetween(masks ? 27 : 0, masks ? 36 : 9);
                agree(site, x, exact);
            }
        }
    }

    @Test
    void anInputPathBeforeTheLayerOutKeepsItsPlace() {
        FeedForwardSite site = random(true);
        NDArray scale = noise("scale", new Shape(UNITS));
        site.out().addInput((x, mode) -> x.mul(scale));
        NDArray x = noise("x", new Shape(2, 4, HIDDEN));
        site.replace(expert(site, 4, 2, true));

        agree(site, x, site.forward(ops, x, units -> units, ForwardMode.EXACT).toFloatArray());
    }

    /** The choice has no gradient, so small steps that change no choice see a smooth function. */
    @Test
    void gradientsAgreeWithDifferences() {
        FeedForwardSite site = random(true);
        NDArray leaf = ops.trainable(noise("x", new Shape(4, HIDDEN)));
        NDArray[] factors = beside(site.ins().get(0), "in");
        site.replace(expert(site, 4, 2, true));

        try (Ops.Scope scope = ops.scope()) {
            ops.backward(ops.withGradients(() -> loss(site, leaf)));
        }

        for (NDArray tensor : List.of(leaf, factors[0], factors[1])) {
            NDArray direction = noise("v", tensor.getShape());
            NDArray start = ops.copy(tensor);
            double slope = ops.gradient(tensor).mul(direction).sum().getFloat();
            ops.assign(tensor, start.add(direction.mul(1e-3)));
            double ahead = loss(site, leaf).getFloat();
            ops.assign(tensor, start.sub(direction.mul(1e-3)));
            double behind = loss(site, leaf).getFloat();
            ops.assign(tensor, start);
            // float32: 1e-7 of a loss of about 1 over a step of 2e-3, and the curvature
            assertThat(slope).isCloseTo((ahead - behind) / 2e-3, within(2e-3 * (1 + Math.abs(slope))));
        }
    }

    private NDArray loss(FeedForwardSite site, NDArray x) {
        return site.forward(ops, x, units -> units, ForwardMode.EXACT).square().mean();
    }

    /** The deployed form gives these numbers. */
    private void agree(FeedForwardSite site, NDArray x, float[] expected) {
        NDArray y = site.forward(ops, x, units -> units, ForwardMode.DEPLOYED);

        assertThat(y.getShape()).isEqualTo(x.getShape());
        // sums of up to twelve float32 products in another order
        assertThat(y.toFloatArray()).containsExactly(expected, within(1e-5f));
    }

    private NDArray[] beside(LinearSite site, String name) {
        NDArray down = ops.trainable(noise(name + "down", new Shape(2, site.op().in())));
        NDArray up = ops.trainable(noise(name + "up", new Shape(site.op().out(), 2)));
        site.add((x, mode) -> ops.bottleneck(x, down, up, 1, Activation.GELU));
        return new NDArray[] {down, up};
    }

    private ExpertFeedForward expert(FeedForwardSite site, int experts, int chosen, boolean masks) {
        NDArray weight = site.ins().get(0).op().weight();
        return new ExpertFeedForward(
                ops, site, SimilarityRouter.of(ops, "ffn", weight, experts), new ExpertChoice(experts, chosen, masks));
    }

    static MoeficationOptions options(int experts, int chosen, boolean masks) {
        return new MoeficationOptions(
                experts,
                0.2,
                Optional.of(chosen),
                Clustering.CONTIGUOUS,
                RouterKind.SIMILARITY,
                Optional.empty(),
                masks,
                8,
                64,
                1,
                0.01);
    }

    private FeedForwardSite random(boolean bias) {
        return site(
                bias
                        ? List.of(noise("w1", new Shape(UNITS, HIDDEN)), noise("b1", new Shape(UNITS)))
                        : List.of(noise("w1", new Shape(UNITS, HIDDEN))),
                bias
                        ? List.of(noise("w2", new Shape(HIDDEN, UNITS)), noise("b2", new Shape(HIDDEN)))
                        : List.of(noise("w2", new Shape(HIDDEN, UNITS))));
    }

    private FeedForwardSite site(List<NDArray> in, List<NDArray> out) {
        return new FeedForwardSite(
                "ffn",
                List.of(linear("ffn.in", LinearRole.FFN_IN, in)),
                linear("ffn.out", LinearRole.FFN_OUT, out),
                Activation.RELU);
    }

    private LinearSite linear(String name, LinearRole role, List<NDArray> tensors) {
        ModelTensor weight = new ModelTensor(name + ".weight", tensors.get(0));
        return new LinearSite(
                name,
                role,
                tensors.size() == 1
                        ? DenseLinear.of(ops, weight)
                        : DenseLinear.of(ops, weight, new ModelTensor(name + ".bias", tensors.get(1))));
    }

    private NDArray noise(String name, Shape shape) {
        return Initializers.normal(manager, shape, 0.5, session.context(4).random(name));
    }
}
