package org.cpet.plugin.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.cpet.spi.OptionException;
import org.cpet.spi.contract.Seeded;
import org.cpet.spi.fixture.FixtureTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MagnitudeMaskTest {
    private static final GroupPattern TWO_OF_FOUR = new GroupPattern(2, 4);

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
    void masksAreThoseOfTheReference(String family) {
        FixtureTensors model = FixtureTensors.of(family + "/model.safetensors");
        FixtureTensors pairs = FixtureTensors.of(family + "/golden/compress/mask_2_4/masks.safetensors");
        FixtureTensors halves = FixtureTensors.of(family + "/golden/compress/mask_magnitude_50/masks.safetensors");

        assertThat(pairs.names()).hasSizeGreaterThanOrEqualTo(12).isEqualTo(halves.names());
        for (String mask : pairs.names()) {
            String weight = mask.replaceFirst("\\.mask$", ".weight");
            float[] values = model.floats(weight);
            int columns = (int) model.shapeOf(weight).get(1);
            assertThat(bytes(MagnitudeMask.groups(values, columns, TWO_OF_FOUR)))
                    .as(mask)
                    .isEqualTo(pairs.bytes(mask));
            assertThat(bytes(MagnitudeMask.smallest(values, Shares.removed(values.length, 0.5))))
                    .as(mask)
                    .isEqualTo(halves.bytes(mask));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"m0", "m1", "m2"})
    void edgeMatricesGiveTheReferenceMasks(String matrix) {
        FixtureTensors fixture = FixtureTensors.of("matrices/matrices.safetensors");
        float[] values = fixture.floats(matrix + ".weight");
        int columns = (int) fixture.shapeOf(matrix + ".weight").get(1);

        assertThat(bytes(MagnitudeMask.groups(values, columns, TWO_OF_FOUR)))
                .isEqualTo(fixture.bytes(matrix + ".mask_2_4"));
        assertThat(bytes(MagnitudeMask.smallest(values, values.length / 2)))
                .isEqualTo(fixture.bytes(matrix + ".mask_magnitude_50"));
    }

    @Test
    void anyShareRemovesWhatAStableSortWould() {
        Seeded.run(seed -> {
            RandomGenerator random = Seeded.random(seed, "weights");
            float[] values = new float[200];
            for (int i = 0; i < values.length; i++) {
                // few distinct magnitudes, so that most thresholds lie among ties; both zeros occur
                values[i] = random.nextInt(-4, 5) * (random.nextBoolean() ? 0.5f : -0.5f);
            }
            List<Integer> largestFirst = IntStream.range(0, values.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> -Math.abs(values[i])))
                    .toList();
            for (int removed = 0; removed <= values.length; removed++) {
                boolean[] kept = MagnitudeMask.smallest(values, removed);
                for (int place = 0; place < values.length; place++) {
                    assertThat(kept[largestFirst.get(place)])
                            .as("removed %s, place %s", removed, place)
                            .isEqualTo(place < values.length - removed);
                }
            }
        });
    }

    @Test
    void tiesKeepTheFirst() {
        float[] equal = {1, -1, 1, -1, 1, 1};

        assertThat(bytes(MagnitudeMask.smallest(equal, 2))).containsExactly(1, 1, 1, 1, 0, 0);
        assertThat(bytes(MagnitudeMask.groups(equal, 6, TWO_OF_FOUR))).containsExactly(1, 1, 0, 0, 1, 1);
    }

    @Test
    void aShortGroupIsFilledUpWithZeros() {
        float[] rows = {5, 1, 2, 3, 7, 0, 0, 0, 0, 0};

        assertThat(bytes(MagnitudeMask.groups(rows, 5, new GroupPattern(1, 4))))
                .containsExactly(1, 0, 0, 0, 1, 1, 0, 0, 0, 1);
    }

    @Test
    void otherPatternsWork() {
        float[] row = {1, 2, 3, 4, 8, 7, 6, 5};

        assertThat(bytes(MagnitudeMask.groups(row, 8, GroupPattern.parse("4:8"))))
                .containsExactly(0, 0, 0, 0, 1, 1, 1, 1);
        assertThat(bytes(MagnitudeMask.groups(row, 8, GroupPattern.parse("1:2"))))
                .containsExactly(0, 1, 0, 1, 1, 0, 1, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4:2", "0:4", "4:4", "2-4", "2:65", "2:4 ", "", "-1:2"})
    void aPatternThatLeavesNothingOrEverythingIsRefused(String text) {
        assertThatThrownBy(() -> GroupPattern.parse(text))
                .isInstanceOf(OptionException.class)
                .hasMessage("pattern must be n:m with 1 <= n < m <= 64, such as 2:4, or 1d or 2d, was " + text);
    }

    @Test
    void numbersThatAreNotFiniteAreFound() {
        assertThat(MagnitudeMask.finite(new float[] {1, Float.MAX_VALUE, -0f, Float.MIN_VALUE}))
                .isTrue();
        assertThat(MagnitudeMask.finite(new float[] {1, Float.NaN})).isFalse();
        assertThat(MagnitudeMask.finite(new float[] {Float.NEGATIVE_INFINITY})).isFalse();
    }

    private static byte[] bytes(boolean[] mask) {
        byte[] bytes = new byte[mask.length];
        for (int i = 0; i < mask.length; i++) {
            bytes[i] = (byte) (mask[i] ? 1 : 0);
        }
        return bytes;
    }
}
