package org.cpet.plugin.quantization.nf4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.IntStream;
import org.cpet.spi.CpetException;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.OneLinearModel;
import org.cpet.spi.fixture.FixtureTensors;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Nf4Test {
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
    void theWorkedBlock() {
        float[] weights = {.5f, -.25f, .1f, -1, .02f, 0, .75f, -.6f};
        try (OneLinearModel model = packed(manager.create(weights, new Shape(1, 8)), false)) {
            assertThat(model.tensors().get(0).value().toByteArray())
                    .containsExactly((byte) 0xc4, (byte) 0x80, 0x77, (byte) 0xe2);
            // six digits are given
            assertThat(model.site().op().weight().toFloatArray())
                    .containsExactly(
                            new float[] {.44071f, -.284441f, .07958f, -1, 0, 0, .722957f, -.525073f}, within(1e-6f));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"m0", "m1", "m2"})
    void edgeMatricesGiveTheReferenceBytes(String matrix) {
        FixtureTensors fixture = FixtureTensors.of("matrices/matrices.safetensors");
        try (OneLinearModel model = packed(fixture.array(manager, matrix + ".weight"), false)) {
            List<ModelTensor> tensors = model.tensors();
            assertThat(tensors.get(0).value().toByteArray()).isEqualTo(fixture.bytes(matrix + ".nf4.packed"));
            assertThat(tensors.get(1).value().toFloatArray()).isEqualTo(fixture.floats(matrix + ".nf4.absmax"));
            assertThat(model.site().op().weight().toFloatArray())
                    .containsExactly(fixture.floats(matrix + ".nf4.dequantized"), within(1e-6f));
        }
    }

    @Test
    void doubleQuantisationOverSeveralBlocksOfMagnitudes() {
        FixtureTensors fixture = FixtureTensors.of("matrices/matrices.safetensors");
        try (OneLinearModel model = packed(fixture.array(manager, "big.weight"), true)) {
            List<ModelTensor> tensors = model.tensors();
            assertThat(tensors.get(0).value().toByteArray()).isEqualTo(fixture.bytes("big.nf4.packed"));
            assertThat(tensors.get(1).value().toByteArray()).isEqualTo(fixture.bytes("big.dq.codes"));
            assertThat(tensors.get(2).value().toFloatArray())
                    .containsExactly(fixture.floats("big.dq.absmax2"), within(1e-6f));
            assertThat(tensors.get(3).value().toFloatArray())
                    .containsExactly(fixture.floats("big.dq.offset"), within(1e-6f));
            assertThat(model.site().op().weight().toFloatArray())
                    .containsExactly(fixture.floats("big.dequantized_double_quant"), within(1e-6f));
        }
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
    void theLayersOfTheReference(String family) {
        FixtureTensors fixture = FixtureTensors.of(family + "/golden/compress/nf4/nf4.safetensors");
        try (OneLinearModel plain = packed(fixture.array(manager, "weight"), false);
                OneLinearModel twice = packed(fixture.array(manager, "weight"), true)) {
            assertThat(plain.tensors().get(0).value().toByteArray()).isEqualTo(fixture.bytes("packed"));
            assertThat(plain.site().op().weight().toFloatArray())
                    .containsExactly(fixture.floats("dequantized"), within(1e-6f));
            assertThat(twice.tensors().get(1).value().toByteArray()).isEqualTo(fixture.bytes("dq.codes"));
            assertThat(twice.site().op().weight().toFloatArray())
                    .containsExactly(fixture.floats("dequantized_double_quant"), within(1e-6f));
        }
        assertThat(ValueTable.DYNAMIC.values()).containsExactly(fixture.floats("dynamic_map"), within(1e-7f));
        assertThat(ValueTable.NORMAL.values()).containsExactly(fixture.floats("codebook"), within(1e-7f));
    }

    @Test
    void aWeightTakesFourAndAHalfBitsOrLittleMoreThanFour() {
        NDArray weight = manager.randomNormal(new Shape(256, 1024));
        try (OneLinearModel plain = packed(weight.duplicate(), false);
                OneLinearModel twice = packed(weight.duplicate(), true)) {
            double values = 256 * 1024 / 8.0;
            assertThat(plain.site().op().bytes() / values).isEqualTo(4.5);
            // 4.126953 and the mean of the magnitudes, which a file holds once for each layer
            assertThat(twice.site().op().bytes() / values).isEqualTo(4.126953, within(2e-4));
        }
    }

    @Test
    void wholeBlocksKeepTheirNumbers() {
        try (OneLinearModel model = packed(manager.randomNormal(new Shape(3, 128)), true);
                LinearOp rows = model.site().op().keepRows(new int[] {2, 0});
                LinearOp both = rows.keepColumns(IntStream.range(64, 128).toArray())) {
            NDArray dense = model.site().op().weight();
            NDArray expected = ops.select(
                    ops.select(dense, 0, new int[] {2, 0}),
                    1,
                    IntStream.range(64, 128).toArray());
            assertThat(both.weight()).isEqualTo(expected);
            assertThatThrownBy(() -> both.keepColumns(new int[] {1, 2}))
                    .isInstanceOf(CpetException.class)
                    .hasMessage("layer layer is held in blocks of 64 weights, and these columns are no whole blocks;"
                            + " allowed pruning before nf4");
        }
    }

    private static OneLinearModel packed(NDArray weight, boolean doubleQuant) {
        OneLinearModel model = OneLinearModel.of(SESSION, weight);
        new Nf4Factory()
                .create(new Nf4Options(doubleQuant, List.of("all-linear"), List.of()), SESSION.context(1))
                .compress(model, CalibrationData.NONE);
        return model;
    }
}
