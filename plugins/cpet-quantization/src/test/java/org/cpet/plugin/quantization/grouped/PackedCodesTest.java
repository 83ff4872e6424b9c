package org.cpet.plugin.quantization.grouped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.OneLinearModel;
import org.cpet.spi.fixture.FixtureTensors;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackedCodesTest {
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

    @ParameterizedTest
    @CsvSource({"m0,2", "m0,3", "m0,4", "m0,8", "m1,2", "m1,3", "m1,4", "m1,8", "m2,2", "m2,3", "m2,4", "m2,8"})
    void edgeMatricesGiveTheReferenceBytes(String matrix, int bits) {
        FixtureTensors fixture = FixtureTensors.of("matrices/matrices.safetensors");
        String expected = matrix + ".rtn" + bits;
        try (OneLinearModel model = packed(fixture.array(manager, matrix + ".weight"), bits, 0)) {
            List<ModelTensor> tensors = model.site().op().tensors();
            assertThat(tensors.get(0).value().toByteArray())
                    .isEqualTo(fixture.bytes(expected + (bits == 8 ? ".codes" : ".packed")));
            assertThat(tensors.get(1).value().toFloatArray()).isEqualTo(fixture.floats(expected + ".scale"));
            assertThat(tensors.get(2).value().toType(DataType.INT32, false).toIntArray())
                    .isEqualTo(fixture.array(manager, expected + ".zero").toIntArray());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert_cls/golden/compress/peqa_%dbit_channel",
                "bert_cls/golden/compress/peqa_%dbit_group12",
                "roberta_cls/golden/compress/peqa_%dbit_group15",
                "llama_gqa_tied/golden/compress/peqa_%dbit_group12",
                "t5_v11_gated_untied/golden/compress/peqa_%dbit_group14",
            })
    void codesScalesAndZeroPointsAreThoseOfTheReference(String folder) {
        for (int bits : new int[] {3, 4}) {
            FixtureTensors expected = FixtureTensors.of(folder.formatted(bits) + "/quantized.safetensors");
            FixtureTensors model = FixtureTensors.of(folder.replaceAll("/.*", "") + "/model.safetensors");
            List<String> layers = expected.names().stream()
                    .filter(name -> name.endsWith(".codes"))
                    .map(name -> name.substring(0, name.lastIndexOf('.')))
                    .toList();
            assertThat(layers).hasSizeGreaterThanOrEqualTo(12);
            int group = folder.endsWith("channel") ? 0 : Integer.parseInt(folder.replaceAll(".*group", ""));
            for (String layer : layers) {
                try (OneLinearModel one = packed(model.array(manager, layer + ".weight"), bits, group)) {
                    GroupedCodes codes = ((GroupedLinear) one.site().op()).codes();
                    long count = (long) codes.out() * codes.in();
                    assertThat(ops.unpackBits(codes.stream(), bits, count).toByteArray())
                            .as(layer)
                            .isEqualTo(expected.bytes(layer + ".codes"));
                    assertThat(codes.scales().toFloatArray()).as(layer).isEqualTo(expected.floats(layer + ".scale"));
                    assertThat(codes.zeros().toType(DataType.INT32, false).toIntArray())
                            .as(layer)
                            .isEqualTo(expected.array(manager, layer + ".zero").toIntArray());
                }
            }
        }
    }

    @Test
    void theWorkedRowInFourAndThreeBits() {
        try (OneLinearModel four = packed(manager.create(new float[] {-1, -.25f, .1f, .8f}, new Shape(1, 4)), 4, 0);
                OneLinearModel three =
                        packed(manager.create(new float[] {-1, -.25f, .1f, .8f}, new Shape(1, 4)), 3, 0)) {
            assertThat(four.tensors().get(0).value().toByteArray()).containsExactly(0x60, 0xF9);
            assertThat(three.tensors().get(0).value().toByteArray()).containsExactly(0x18, 0x0F);
            // six digits are given
            assertThat(four.site().op().weight().toFloatArray())
                    .containsExactly(new float[] {-.96f, -.24f, .12f, .84f}, within(1e-6f));
            assertThat(three.site().op().weight().toFloatArray())
                    .containsExactly(new float[] {-1.028571f, -.257143f, 0, .771429f}, within(1e-6f));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 8})
    void streamsUnpackToWhatWasPackedAtEveryLength(int bits) {
        for (int length = 1; length < 20; length++) {
            int[] codes = new int[length];
            for (int i = 0; i < length; i++) {
                codes[i] = (i * 7 + 3) % (1 << bits);
            }
            NDArray array = manager.create(codes).toType(DataType.UINT8, false);
            NDArray stream = ops.packBits(array, bits);
            assertThat(stream.size()).isEqualTo((length * bits + 7) / 8);
            assertThat(ops.unpackBits(stream, bits, length)).isEqualTo(array);
        }
    }

    @Test
    void theGridIsNeverWorseThanTheWholeRange() {
        NDArray weight = manager.randomNormal(new Shape(16, 64));
        weight.set(new ai.djl.ndarray.index.NDIndex("0, 0"), 9f); // an outlier makes a smaller range worth it
        NDArray plain = error(weight, RangeSearch.MINMAX);
        NDArray searched = error(weight, RangeSearch.GRID);

        assertThat(searched.lte(plain).all().getBoolean()).isTrue();
        assertThat(searched.getFloat(0)).isLessThan(plain.getFloat(0));
    }

    private NDArray error(NDArray weight, RangeSearch search) {
        try (OneLinearModel model = packed(weight.duplicate(), 3, 0, search)) {
            return model.site().op().weight().sub(weight).abs().pow(2.4).sum(new int[] {1});
        }
    }

    @Test
    void productsAreThoseOfTheWeightTheCodesStandFor() {
        NDArray x = manager.randomNormal(new Shape(2, 3, 24));
        for (int group : new int[] {0, 8}) {
            try (OneLinearModel model = packed(manager.randomNormal(new Shape(5, 24)), 4, group)) {
                float[] expected = ops.linear(x, model.site().op().weight()).toFloatArray();
                for (ForwardMode mode : List.of(ForwardMode.EXACT, ForwardMode.DEPLOYED)) {
                    // sums of 24 products in another order
                    assertThat(model.apply(x, mode).toFloatArray()).containsExactly(expected, within(1e-4f));
                }
            }
        }
    }

    @Test
    void sixteenBitInputGivesSixteenBitOutput() {
        NDArray x = ops.cast(manager.randomNormal(new Shape(4, 8)), DataType.BFLOAT16);
        for (int group : new int[] {0, 4}) {
            NDArray weight = ops.cast(manager.randomNormal(new Shape(6, 8)), DataType.BFLOAT16);
            try (OneLinearModel model = packed(weight, 4, group)) {
                assertThat(model.apply(x, ForwardMode.EXACT).getDataType()).isEqualTo(x.getDataType());
            }
        }
    }

    private OneLinearModel packed(NDArray weight, int bits, int group) {
        return packed(weight, bits, group, RangeSearch.MINMAX);
    }

    private OneLinearModel packed(NDArray weight, int bits, int group, RangeSearch search) {
        OneLinearModel model = OneLinearModel.of(SESSION, weight);
        Optional<Integer> size = group == 0 ? Optional.empty() : Optional.of(group);
        new RtnFactory()
                .create(new RtnOptions(bits, size, search, List.of("all-linear"), List.of()), SESSION.context(1))
                .compress(model, CalibrationData.NONE);
        return model;
    }
}
