package org.cpet.plugin.quantization.grouped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.cpet.spi.CpetException;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GptqTest {
    private static final ContractSession SESSION = ContractSession.open();
    private static final List<String> ALL = List.of("all-linear");
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
    void theWorkedColumns() {
        NDArray x = manager.create(new float[] {1, 1, 1, 1, 0, 1}, new Shape(3, 2));
        Hessian hessian = Hessian.zero(manager, 2);
        hessian.add(x);
        NDArray h = hessian.value(3);
        assertThat(h.toFloatArray()).containsExactly(new float[] {1.3333f, 1.3333f, 1.3333f, 2}, within(1e-4f));

        // damped by a hundredth of the diagonal's mean
        NDArray damped = h.add(manager.eye(2).mul(.01f * 5 / 3));
        NDArray factor = ops.inverseFactor(damped).orElseThrow();
        assertThat(factor.toFloatArray())
                .containsExactly(new float[] {1.46105f, -.965983f, 0, .704179f}, within(1e-5f));

        NDArray weight = manager.create(new float[] {.7f, .7f}, new Shape(1, 2));
        AffineGrid halves =
                new AffineGrid(4, manager.full(new Shape(1, 1, 1), .5f), manager.full(new Shape(1, 1, 1), 8f));
        ColumnRounding rounding = new ColumnRounding(ops, 4, 1, 2, 2, group -> halves);
        rounding.run(weight.duplicate(), factor);
        NDArray rounded = rounding.grid(manager).values(rounding.codes(manager)).reshape(1, 2);
        assertThat(rounded.toFloatArray()).containsExactly(.5f, 1);

        // ‖XΔ‖² .11 where round to nearest has .36
        assertThat(x.matMul(rounded.sub(weight).transpose()).square().sum().getFloat())
                .isCloseTo(.11f, within(1e-5f));
    }

    @Test
    void aMatrixThatIsNotPositiveDefiniteHasNoFactor() {
        assertThat(ops.inverseFactor(manager.create(new float[] {1, 2, 2, 1}, new Shape(2, 2))))
                .isEmpty();
    }

    @Test
    void outputsAreNearerThanThoseOfNearestRounding() {
        NDArray x = manager.randomNormal(new Shape(200, 24)).matMul(manager.randomNormal(new Shape(24, 24)));
        NDArray weight = manager.randomNormal(new Shape(16, 24));
        for (int size : new int[] {24, 8}) {
            Hessian hessian = Hessian.zero(manager, 24);
            hessian.add(x);
            NDArray factor = ops.inverseFactor(hessian.value(200)).orElseThrow();
            ColumnRounding rounding =
                    new ColumnRounding(ops, 3, 16, 24, size, group -> AffineGrid.of(group, 3, RangeSearch.MINMAX));
            rounding.run(weight.duplicate(), factor);
            NDArray found =
                    rounding.grid(manager).values(rounding.codes(manager)).reshape(16, 24);

            NDArray groups = weight.reshape(16, 24 / size, size);
            AffineGrid grid = AffineGrid.of(groups, 3, RangeSearch.MINMAX);
            NDArray nearest = grid.values(grid.codes(groups)).reshape(16, 24);
            assertThat(error(x, found, weight)).isLessThan(0.8f * error(x, nearest, weight));
        }
    }

    private static float error(NDArray x, NDArray rounded, NDArray weight) {
        return x.matMul(rounded.sub(weight).transpose()).square().sum().getFloat();
    }

    @Test
    void longRowsAreRoundedBlockByBlockAsIfAtOnce() {
        NDArray x = manager.randomNormal(new Shape(400, 300));
        NDArray weight = manager.randomNormal(new Shape(4, 300));
        Hessian hessian = Hessian.zero(manager, 300);
        hessian.add(x);
        NDArray factor = ops.inverseFactor(hessian.value(400)).orElseThrow();
        ColumnRounding rounding =
                new ColumnRounding(ops, 4, 4, 300, 300, group -> AffineGrid.of(group, 4, RangeSearch.MINMAX));
        rounding.run(weight.duplicate(), factor);

        int[] found = rounding.codes(manager).toType(DataType.INT32, false).toIntArray();
        int[] expected =
                atOnce(weight.duplicate(), factor, AffineGrid.of(weight.reshape(4, 1, 300), 4, RangeSearch.MINMAX));
        long other = IntStream.range(0, found.length)
                .filter(i -> found[i] != expected[i])
                .count();
        // a weight half way between two codes goes where the last digit of a float32 sum says, and takes others along
        assertThat(other).isLessThan(found.length / 50);
    }

    /** Every column's error goes to all columns behind it at once. */
    private int[] atOnce(NDArray weight, NDArray factor, AffineGrid grid) {
        float[] w = weight.toFloatArray();
        float[] u = factor.toFloatArray();
        float[] s = grid.scales().toFloatArray();
        float[] z = grid.zeros().toFloatArray();
        int[] codes = new int[w.length];
        for (int j = 0; j < 300; j++) {
            for (int row = 0; row < 4; row++) {
                float code = (float) Math.rint(w[row * 300 + j] / s[row]) + z[row];
                code = Math.max(0, Math.min(15, code));
                codes[row * 300 + j] = (int) code;
                float e = (w[row * 300 + j] - (code - z[row]) * s[row]) / u[j * 300 + j];
                for (int k = j; k < 300; k++) {
                    w[row * 300 + k] -= e * u[j * 300 + k];
                }
            }
        }
        return codes;
    }

    @Test
    void withoutRowsTheWayOutIsNamed() {
        try (ToyTransformer model = ToyTransformer.open(SESSION, ToySpec.classifier())) {
            assertThatThrownBy(() -> gptq().compress(model, none()))
                    .isInstanceOf(CpetException.class)
                    .hasMessage("gptq: no calibration token reaches layer toy.layer.0.attention.query; found 0 tokens;"
                            + " allowed data with training rows, or rtn, which needs none");
        }
    }

    private static org.cpet.spi.compress.Compressor gptq() {
        return new GptqFactory()
                .create(
                        new GptqOptions(4, Optional.empty(), RangeSearch.MINMAX, false, .01, 128, ALL, List.of()),
                        SESSION.context(1));
    }

    private static CalibrationData none() {
        return new CalibrationData() {
            @Override
            public void forEach(Consumer<TokenBatch> batches) {}

            @Override
            public long rows() {
                return 0;
            }
        };
    }
}
