package org.cpet.plugin.quantization.grouped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import org.cpet.spi.OptionException;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.OneLinearModel;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class QatTest {
    private static final ContractSession SESSION = ContractSession.open();
    private static final List<String> ALL = List.of("all-linear");
    private final Ops ops = SESSION.ops();
    private final NDManager manager = SESSION.manager();

    @AfterAll
    static void close() {
        SESSION.close();
    }

    /** The row of {@code PeqaTest}'s worked step: s = 0.12, z = 8, codes 0, 6, 9, 15. */
    @Test
    void gradientsGoStraightThroughAndStopAtTheEndsOfTheGrid() {
        NDArray weight = manager.create(new float[] {-1, -.25f, .1f, .8f}, new Shape(1, 4));
        NDArray x = manager.create(new float[] {1, 2, -1, .5f}, new Shape(1, 4));
        try (OneLinearModel model = rtn(OneLinearModel.of(SESSION, weight), 4, 0);
                PetModule qat = method().attach(model);
                Ops.Scope scope = ops.scope()) {
            NDArray leaf = qat.parameters().get(0).value();
            NDArray y = ops.withGradients(() -> model.apply(x, ForwardMode.TRAINING));
            assertThat(y.toFloatArray()).containsExactly(new float[] {-1.14f}, within(1e-6f));
            ops.backward(ops.withGradients(() -> y.mul(.3f).sum()));
            assertThat(ops.gradient(leaf).toFloatArray())
                    .containsExactly(new float[] {.3f, .6f, -.3f, .15f}, within(1e-6f));
            ops.zeroGradient(leaf);

            // 0.17 rounds to one step of 0.12 as before, 0.19 to two; −2 and 1 lie beyond −0.96 and 0.84
            ops.assign(leaf, manager.create(new float[] {-2, -.17f, .19f, 1}, new Shape(1, 4)));
            NDArray moved = ops.withGradients(() -> model.apply(x, ForwardMode.TRAINING));
            assertThat(model.site().op().weight().toFloatArray())
                    .containsExactly(new float[] {-.96f, -.12f, .24f, .84f}, within(1e-6f));
            assertThat(moved.toFloatArray()).containsExactly(new float[] {-1.02f}, within(1e-6f));
            ops.backward(ops.withGradients(() -> moved.mul(.3f).sum()));
            assertThat(ops.gradient(leaf).toFloatArray()).containsExactly(new float[] {0, .6f, -.3f, 0}, within(1e-6f));
        }
    }

    @Test
    void theBackwardPassNeedsNothingThatTheForwardPassMayFree() {
        try (OneLinearModel model = rtn(OneLinearModel.of(SESSION, manager.ones(new Shape(2, 4))), 4, 0);
                PetModule qat = method().attach(model);
                Ops.Scope scope = ops.scope()) {
            NDArray x = manager.ones(new Shape(3, 4));
            NDArray y = ops.withGradients(() -> ops.tidy(() -> model.apply(x, ForwardMode.TRAINING)));
            ops.backward(ops.withGradients(y::sum));

            assertThat(ops.gradient(qat.parameters().get(0).value()).toFloatArray())
                    .containsOnly(3f)
                    .hasSize(8);
        }
    }

    @Test
    void mergingLeavesCodesOfTheSameFormInGroupsToo() {
        try (OneLinearModel model = rtn(OneLinearModel.of(SESSION, manager.randomNormal(new Shape(6, 32))), 3, 8);
                PetModule qat = method().attach(model)) {
            GroupedLinear before = (GroupedLinear) model.site().op();
            long bytes = before.bytes();
            float[] scales = before.codes().scales().toFloatArray();
            NDArray leaf = qat.parameters().get(0).value();
            ops.assign(leaf, leaf.add(manager.randomNormal(leaf.getShape())));
            float[] rounded = model.site().op().weight().toFloatArray();
            qat.merge();

            GroupedLinear after = (GroupedLinear) model.site().op();
            assertThat(after.weight().toFloatArray()).containsExactly(rounded);
            assertThat(after.bytes()).isEqualTo(bytes);
            assertThat(after.codes().scales().toFloatArray()).containsExactly(scales);
        }
    }

    @Test
    void layersThatAreNotPackedAreRefused() {
        try (OneLinearModel model = OneLinearModel.of(SESSION, manager.ones(new Shape(2, 4)))) {
            PetMethod qat = method();

            assertThatThrownBy(() -> qat.plan(model.layout()))
                    .isInstanceOf(OptionException.class)
                    .hasMessage("qat trains the codes of packed layers; found float32 in layer; allowed w2, w3, w4 or"
                            + " w8, made by rtn or gptq before it");
        }
    }

    private static PetMethod method() {
        return new QatFactory().create(new QatOptions(ALL), SESSION.context(1));
    }

    private static OneLinearModel rtn(OneLinearModel model, int bits, int groupSize) {
        Optional<Integer> size = groupSize == 0 ? Optional.empty() : Optional.of(groupSize);
        new RtnFactory()
                .create(new RtnOptions(bits, size, RangeSearch.MINMAX, ALL, List.of()), SESSION.context(1))
                .compress(model, CalibrationData.NONE);
        return model;
    }
}
