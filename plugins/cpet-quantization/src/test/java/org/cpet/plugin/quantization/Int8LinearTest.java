package org.cpet.plugin.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.fixture.FixtureTensors;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.tensor.Ops;
import org.cpet.spi.tensor.QuantizedRows;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Int8LinearTest {
    private static final ContractSession SESSION = ContractSession.open();
    private final Ops ops = SESSION.ops();
    private final NDManager manager = SESSION.manager();

    @AfterAll
    static void close() {
        SESSION.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert_cls",
                "roberta_cls",
                "llama_gqa_tied",
                "llama_mha_untied",
                "t5_v10_relu_tied",
                "t5_v11_gated_untied"
            })
    void codesAndScalesAreThoseOfTheReference(String family) {
        FixtureTensors model = FixtureTensors.of(family + "/model.safetensors");
        FixtureTensors expected = FixtureTensors.of(family + "/golden/compress/int8/weights.safetensors");
        Set<String> layers = expected.names().stream()
                .map(name -> name.substring(0, name.lastIndexOf('.')))
                .collect(Collectors.toSet());

        assertThat(layers).hasSizeGreaterThanOrEqualTo(12);
        for (String layer : layers) {
            try (Int8Linear linear = quantized(layer, model.array(manager, layer + ".weight"), List.of())) {
                ModelTensor codes = linear.tensors().get(0);
                ModelTensor scales = linear.tensors().get(1);
                assertThat(codes.value().toByteArray()).as(codes.name()).isEqualTo(expected.bytes(codes.name()));
                assertThat(scales.value().toFloatArray()).as(scales.name()).isEqualTo(expected.floats(scales.name()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"m0", "m1", "m2"})
    void edgeMatricesGiveTheReferenceProducts(String matrix) {
        FixtureTensors fixture = FixtureTensors.of("matrices/matrices.safetensors");
        try (Int8Linear linear = quantized(matrix, fixture.array(manager, matrix + ".weight"), List.of())) {
            assertThat(linear.tensors().get(0).value().toByteArray()).isEqualTo(fixture.bytes(matrix + ".int8.codes"));
            assertThat(linear.tensors().get(1).value().toFloatArray())
                    .isEqualTo(fixture.floats(matrix + ".int8.scale"));

            float[] y = linear.apply(fixture.array(manager, matrix + ".x"), ForwardMode.EXACT)
                    .toFloatArray();

            // the reference divides and scales in float32 in the same order; 1e-6 is the fixture's own bound
            assertThat(y).containsExactly(fixture.floats(matrix + ".x.int8.y"), within(1e-6f));
        }
    }

    @Test
    void weightOnlyMultipliesTheDequantizedWeights() {
        NDArray x = manager.randomNormal(new Shape(2, 3, 8));
        NDArray bias = manager.randomNormal(new Shape(5));
        QuantizedRows rows = ops.quantizeRows(manager.randomNormal(new Shape(5, 8)));
        float[] expected = ops.linear(x, ops.dequantize(rows), bias).toFloatArray();

        try (Int8Linear linear = new Int8Linear(ops, "layer", rows, List.of(bias), Int8Activations.NONE)) {
            // one fused multiply-add more or less per output
            assertThat(linear.apply(x, ForwardMode.EXACT).toFloatArray()).containsExactly(expected, within(1e-5f));
            assertThat(linear.apply(x, ForwardMode.DEPLOYED).toFloatArray()).containsExactly(expected, within(1e-5f));
        }
    }

    @Test
    void sixteenBitInputGivesSixteenBitOutput() {
        NDArray x = ops.cast(manager.randomNormal(new Shape(4, 8)), DataType.BFLOAT16);
        NDArray bias = ops.cast(manager.randomNormal(new Shape(6)), DataType.BFLOAT16);
        for (Int8Activations activations : Int8Activations.values()) {
            QuantizedRows rows = ops.quantizeRows(ops.cast(manager.randomNormal(new Shape(6, 8)), DataType.BFLOAT16));
            try (Int8Linear linear = new Int8Linear(ops, "layer", rows, List.of(bias), activations)) {
                assertThat(linear.bytes()).isEqualTo(6 * 8 + 6 * 4 + 6 * 2);
                for (ForwardMode mode : List.of(ForwardMode.EXACT, ForwardMode.DEPLOYED)) {
                    assertThat(linear.apply(x, mode).getDataType()).isEqualTo(x.getDataType());
                }
            }
        }
    }

    @Test
    void deployedLayersOutliveTheScopeOfTheirFirstPass() {
        NDArray x = manager.randomNormal(new Shape(4, 8));
        for (Int8Activations activations : Int8Activations.values()) {
            QuantizedRows rows = ops.quantizeRows(manager.randomNormal(new Shape(6, 8)));
            try (Int8Linear linear = new Int8Linear(ops, "layer", rows, List.of(), activations)) {
                float[] first;
                try (Ops.Scope scope = ops.scope()) {
                    first = linear.apply(x, ForwardMode.DEPLOYED).toFloatArray();
                }
                assertThat(linear.apply(x, ForwardMode.DEPLOYED).toFloatArray()).isEqualTo(first);
            }
        }
    }

    @Test
    void deployedIsWithinAnInt8StepOfTheExactPath() {
        NDArray x = manager.randomNormal(new Shape(16, 64));
        NDArray bias = manager.randomNormal(new Shape(32));
        try (Int8Linear linear = quantized("layer", manager.randomNormal(new Shape(32, 64)), List.of(bias))) {
            float[] exact = linear.apply(x, ForwardMode.EXACT).toFloatArray();
            float[] deployed = linear.apply(x, ForwardMode.DEPLOYED).toFloatArray();

            // a kernel may round activations to a coarser grid: half a step of 4/127 per input, times |w| about 1, over
            // the root of 64 inputs
            assertThat(deployed).containsExactly(exact, within(0.5f));
        }
    }

    @Test
    void keptRowsAndColumnsKeepTheirNumbers() {
        NDArray bias = manager.create(new float[] {1, 2, 3});
        NDArray weight = manager.create(new float[] {1, -2, 127, 4, 5, 6, -7, 8, 9, 10, 11, 12}, new Shape(3, 4));
        try (Int8Linear linear = quantized("layer", weight, List.of(bias));
                LinearOp rows = linear.keepRows(new int[] {2, 0});
                LinearOp both = rows.keepColumns(new int[] {1, 3})) {
            assertThat(both.weight())
                    .isEqualTo(linear.weight()
                            .get("2:3, 1::2")
                            .concat(linear.weight().get("0:1, 1::2")));
            assertThat(both.bias().get(0).toFloatArray()).containsExactly(3, 1);
            assertThat(both.out()).isEqualTo(2);
            assertThat(both.in()).isEqualTo(2);
            // 4 codes, 2 scales and 2 biases of four bytes
            assertThat(both.bytes()).isEqualTo(4 + 8 + 8);
        }
    }

    @Test
    void keptColumnsOutliveTheLayerTheyCameFrom() {
        Int8Linear linear = quantized("layer", manager.ones(new Shape(2, 4)), List.of());
        try (LinearOp half = linear.keepColumns(new int[] {0, 1})) {
            linear.close();

            assertThat(half.weight().toFloatArray()).containsOnly(1f);
        }
    }

    @Test
    void tensorsCarryTheNamesOfASavedModel() {
        try (Int8Linear linear =
                quantized("encoder.wi", manager.ones(new Shape(2, 4)), List.of(manager.zeros(new Shape(2))))) {
            assertThat(linear.tensors())
                    .extracting(ModelTensor::name)
                    .containsExactly("encoder.wi.weight_quant", "encoder.wi.weight_scale", "encoder.wi.bias");
            assertThat(linear.storage()).isEqualTo("int8");
        }
    }

    private Int8Linear quantized(String name, NDArray weight, List<NDArray> bias) {
        return new Int8Linear(ops, name, ops.quantizeRows(weight), bias, Int8Activations.DYNAMIC);
    }
}
