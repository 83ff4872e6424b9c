package org.cpet.plugin.quantization.loftq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import org.cpet.plugin.quantization.WeightPacking;
import org.cpet.spi.CpetException;
import org.cpet.spi.OptionException;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.OneLinearModel;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.LowRankStart;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoftqTest {
    private static final ContractSession SESSION = ContractSession.open();
    private final Ops ops = SESSION.ops();
    private final NDManager manager = SESSION.manager();

    @BeforeEach
    void seed() {
        ops.seed(7);
    }

    @AfterAll
    static void close() {
        SESSION.close();
    }

    @Test
    void theWorkedMatrixOnWholeNumbers() {
        for (int iterations : new int[] {1, 5}) {
            NDArray weight = manager.create(new float[] {1.4f, .6f, .2f, -.7f}, new Shape(2, 2));
            try (OneLinearModel model = OneLinearModel.of(SESSION, weight.duplicate());
                    Ops.Scope scope = ops.scope()) {
                new Loftq(ops, new WholeNumbers(), 1, iterations).apply(model.site());

                assertThat(model.site().op().weight().toFloatArray()).containsExactly(1, 1, 0, -1);
                LowRankStart start = model.site().start().orElseThrow();
                NDArray left =
                        weight.sub(model.site().op().weight()).sub(start.up().matMul(start.down()));
                assertThat(left.norm().getFloat()).isCloseTo(.349174f, within(1e-5f));
                assertThat(weight.sub(model.site().op().weight()).norm().getFloat())
                        .isCloseTo(.670820f, within(1e-5f));
            }
        }
    }

    @Test
    void turnsBringWeightAndFactorsNearer() {
        NDArray weight = manager.randomNormal(new Shape(48, 64));
        float once = distance(weight, 1);
        assertThat(distance(weight, 5)).isLessThan(once);
    }

    private float distance(NDArray weight, int iterations) {
        try (OneLinearModel model = OneLinearModel.of(SESSION, weight.duplicate())) {
            LoftqOptions options =
                    new LoftqOptions(8, iterations, LoftqBase.RTN, 2, Optional.empty(), List.of("all-linear"));
            new LoftqFactory().create(options, SESSION.context(1)).compress(model, CalibrationData.NONE);
            LowRankStart start = model.site().start().orElseThrow();
            NDArray left = weight.sub(model.site().op().weight()).sub(start.up().matMul(start.down()));
            return left.norm().getFloat();
        }
    }

    @Test
    void aLayerWithFactorsIsNotNarrowed() {
        try (OneLinearModel model = OneLinearModel.of(SESSION, manager.randomNormal(new Shape(8, 8)))) {
            model.site().leave(new LowRankStart(manager.zeros(new Shape(2, 8)), manager.zeros(new Shape(8, 2))));

            assertThatThrownBy(() -> model.site().keepRows(new int[] {0}))
                    .isInstanceOf(CpetException.class)
                    .hasMessage("layer layer carries factors for a low-rank method and cannot be narrowed; allowed"
                            + " pruning before the compressor that leaves them");
        }
    }

    @Test
    void optionsThatNoBaseHasAreRefused() {
        assertThatThrownBy(() -> new LoftqOptions(8, 5, LoftqBase.NF4, 3, Optional.empty(), List.of("all-linear")))
                .isInstanceOf(OptionException.class)
                .hasMessage("bits and group_size belong to base: rtn; nf4 has 4 bits in blocks of 64, was bits 3");
        try (OneLinearModel model = OneLinearModel.of(SESSION, manager.ones(new Shape(4, 64)))) {
            LoftqOptions large = new LoftqOptions(8, 5, LoftqBase.NF4, 4, Optional.empty(), List.of("all-linear"));
            assertThatThrownBy(() ->
                            new LoftqFactory().create(large, SESSION.context(1)).plan(model.layout()))
                    .isInstanceOf(OptionException.class)
                    .hasMessage("r must be at most 4, the smaller side of layer, was 8");
        }
    }

    private final class WholeNumbers implements WeightPacking {
        @Override
        public LinearSpec spec(LinearSpec linear) {
            return linear;
        }

        @Override
        public LinearOp pack(String layer, NDArray weight, List<NDArray> bias) {
            return DenseLinear.of(ops, new ModelTensor(layer + ".weight", ops.copy(weight.round())));
        }
    }
}
