package org.cpet.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.SplittableRandom;
import org.cpet.runtime.engine.safetensors.SafetensorsFile;
import org.cpet.spi.tensor.Initializers;
import org.cpet.spi.tensor.Ops;
import org.cpet.spi.tensor.PreparedLinear;
import org.cpet.spi.tensor.QuantizedRows;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class Int8Test {
    private static final EngineSession SESSION = EngineSession.open(DeviceChoice.parse("cpu"), 1);

    private final Ops ops = SESSION.ops();
    private final NDManager manager = SESSION.manager();
    private final SplittableRandom random = new SplittableRandom(7);

    @AfterAll
    static void close() {
        SESSION.close();
    }

    private NDArray normal(long... shape) {
        return Initializers.normal(manager, new Shape(shape), 1.0, random);
    }

    @Test
    void theVectorByHandIsExact() {
        QuantizedRows rows = ops.quantizeRows(manager.create(new float[] {0.5f, -1.27f, 0.01f, 1.0f}, new Shape(1, 4)));
        assertThat(rows.codes().toByteArray()).containsExactly(50, -127, 1, 100);
        assertThat(rows.scales().getFloat(0)).isEqualTo(0.01f);

        NDArray y = ops.int8Linear(manager.create(new float[] {2.54f, -1f, 0f, 0.3f}, new Shape(1, 4)), rows);

        // 14200 · 0.02 · 0.01 in float32
        assertThat(y.getFloat(0, 0)).isCloseTo(2.84f, within(3e-7f));
    }

    @Test
    void aRowOfZerosHasScaleOneAndAZeroTokenGivesZero() {
        QuantizedRows rows = ops.quantizeRows(manager.zeros(new Shape(2, 3)));

        assertThat(rows.scales().toFloatArray()).containsExactly(1f, 1f);
        assertThat(rows.codes().toByteArray()).containsOnly(0);
        QuantizedRows ones = ops.quantizeRows(manager.ones(new Shape(2, 3)));
        assertThat(ops.int8Linear(manager.zeros(new Shape(1, 3)), ones).toFloatArray())
                .containsExactly(0f, 0f);
        assertThat(ops.dequantize(ones).toFloatArray()).containsOnly(1f);
    }

    @ParameterizedTest
    @ValueSource(strings = {"m0", "m1", "m2"})
    void matricesOfTheFixtureAreReproduced(String matrix) {
        SafetensorsFile file = SafetensorsFile.open(SharedFiles.require("fixtures/matrices/matrices.safetensors"));
        try (TensorLoader loader = SESSION.loader(file)) {
            QuantizedRows rows = ops.quantizeRows(loader.load(matrix + ".weight", manager));
            assertThat(rows.codes().toByteArray())
                    .isEqualTo(loader.load(matrix + ".int8.codes", manager).toByteArray());
            assertThat(rows.scales().toFloatArray())
                    .isEqualTo(loader.load(matrix + ".int8.scale", manager).toFloatArray());

            NDArray y = ops.int8Linear(loader.load(matrix + ".x", manager), rows);

            NDArray expected = loader.load(matrix + ".x.int8.y", manager);
            assertThat(y.sub(expected).abs().max().getFloat()).isLessThan(1e-6f); // the fixture's stated tolerance
        }
    }

    @Test
    void theGradientIsThatOfTheDequantisedWeight() {
        QuantizedRows rows = ops.quantizeRows(normal(5, 8));
        NDArray weights = normal(2, 3, 5);
        for (DataType type : List.of(DataType.FLOAT32, DataType.FLOAT64)) {
            NDArray x = ops.trainable(ops.cast(normal(2, 3, 8), type));
            NDArray y = ops.withGradients(() -> ops.int8Linear(x, rows));
            assertThat(y.getDataType()).isEqualTo(type);
            ops.backward(ops.withGradients(() -> y.mul(ops.cast(weights, type)).sum()));

            NDArray expected = ops.cast(weights.matMul(ops.dequantize(rows)), type);
            // products of five float32 numbers of size one, summed in another order
            assertThat(ops.gradient(x)
                            .sub(expected)
                            .abs()
                            .max()
                            .toType(DataType.FLOAT32, false)
                            .getFloat())
                    .isLessThan(2e-6f);
        }
    }

    @ParameterizedTest
    @EnumSource(Int8Kernel.class)
    void everyKernelComputesTheExactPathWithinItsError(Int8Kernel kernel) {
        TorchModule module = TorchModule.load(manager.getDevice());
        Int8Kernels kernels = new Int8Kernels(module, SESSION::kernels);
        QuantizedRows rows = ops.quantizeRows(normal(24, 64));
        NDArray bias = normal(24);
        NDArray x = normal(3, 20, 64).mul(normal(3, 20, 1));
        NDArray exact = ops.int8Linear(x, rows);
        double tolerance = kernel.isExact() ? 1e-6 : KernelMeasurement.LARGEST_ERROR;
        try (PreparedLinear plain = kernels.prepare(kernel, rows, List.of());
                PreparedLinear biased = kernels.prepare(kernel, rows, List.of(bias))) {
            double saturated = error(plain.apply(x), exact);
            Assumptions.assumeTrue(
                    kernel != Int8Kernel.LINEAR_DYNAMIC || saturated < tolerance,
                    () -> "SKIPPED: 8-bit products saturate on this processor, error " + saturated);
            assertThat(plain.kernel()).isEqualTo(kernel.key());
            assertThat(saturated).isLessThan(tolerance);
            assertThat(error(biased.apply(x), exact.add(bias))).isLessThan(tolerance);
            NDArray row = x.get("0:1, 0:1");
            assertThat(error(biased.apply(row), ops.int8Linear(row, rows).add(bias)))
                    .isLessThan(tolerance);
            NDArray half = biased.apply(ops.cast(x, DataType.FLOAT16));
            assertThat(half.getDataType()).isEqualTo(DataType.FLOAT16);
        } catch (EngineException e) {
            Assumptions.abort("SKIPPED: " + kernel + " is not in this build: " + e.getMessage());
        } finally {
            module.close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LINEAR_DYNAMIC", "FLOAT32_CODES"})
    void aPackedLayerIsFreedWithItsRowsManager(Int8Kernel kernel) {
        Int8Kernels kernels = new Int8Kernels(TorchModule.load(manager.getDevice()), SESSION::kernels);
        NDArray x = normal(1, 8);
        PreparedLinear linear;
        try (NDManager owner = manager.newSubManager()) {
            NDArray weight = normal(8, 8);
            weight.attach(owner);
            linear = kernels.prepare(kernel, ops.quantizeRows(weight), List.of());
            linear.apply(x);
        }
        assertThatThrownBy(() -> linear.apply(x)).isInstanceOf(RuntimeException.class);
        linear.close();
    }

    @Test
    void aSingleRowHasItsOwnKernel() {
        KernelProfile measured = SESSION.kernels();
        TorchModule module = TorchModule.load(manager.getDevice());
        KernelProfile mixed = new KernelProfile(
                measured.machine(),
                measured.dense(),
                Int8Kernel.BFLOAT16_CODES,
                Int8Kernel.FLOAT32_CODES,
                true,
                true,
                measured.measured());
        QuantizedRows rows = ops.quantizeRows(normal(24, 64));
        NDArray x = normal(2, 64);
        NDArray exact = ops.int8Linear(x, rows);
        try (PreparedLinear linear = new Int8Kernels(module, () -> mixed).prepare(rows, List.of())) {
            assertThat(linear.kernel()).isEqualTo("bfloat16_codes");
            // sums of bfloat16 codes are rounded to eight bits, those of float32 are exact
            assertThat(error(linear.apply(x), exact)).isBetween(1e-4, 1e-2);
            assertThat(error(linear.apply(x.get("0:1")), exact.get("0:1"))).isLessThan(1e-6);
        }
        module.close();
    }

    private static double error(NDArray found, NDArray expected) {
        return found.sub(expected).norm().getFloat() / expected.norm().getFloat();
    }
}
