package org.cpet.plugin.adapters.ternary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.random.RandomGenerator;
import org.cpet.spi.InputException;
import org.cpet.spi.contract.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GolombCodeTest {
    @ParameterizedTest
    @CsvSource({"0.05, 4, 0.3393", "0.1, 3, 0.5756", "0.2, 2, 0.9388", "0.3, 1, 1.1882", "0.5, 0, 1.5000"})
    void parameterAndLengthOfTheTable(double share, int parameter, double bits) {
        GolombCode code = GolombCode.of(share);

        assertThat(code.b()).isEqualTo(parameter);
        assertThat(code.expectedBits(share)).isCloseTo(bits, within(5e-5)); // the table has four digits
    }

    @Test
    void theWorkedStream() {
        // kept 1, 3 and 6 of ten, - + -: gaps 1, 1, 2 with b = 1 are 010 011 1000
        TernaryMask mask = TernaryMaskTest.mask(0, -1, 0, 1, 0, 0, -1, 0, 0, 0);
        GolombCode code = new GolombCode(1);
        BitWriter writer = new BitWriter(code.bits(mask));
        code.write(mask, writer);

        assertThat(code.bits(mask)).isEqualTo(10);
        assertThat(writer.bytes()).isEqualTo(new byte[] {0b01001110, 0b00000000});
        assertThat(read(code, writer.bytes(), 10, 10, 3)).isEqualTo(mask);
    }

    /** The promise is 2 %; that of a million entries is far within. */
    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.05, 0.1, 0.2, 0.3, 0.5})
    void theStreamIsAsLongAsTheFormulaSays(double share) {
        TernaryMask mask = random(1, 1_000_000, share);
        GolombCode code = GolombCode.of(share);

        assertThat(code.bits(mask) / 1e6).isCloseTo(code.expectedBits(share), within(0.02 * code.expectedBits(share)));
    }

    @Test
    void whatIsWrittenIsRead() {
        Seeded.run(seed -> {
            for (double share : new double[] {0, 0.0005, 0.05, 0.3, 0.9, 1}) {
                for (int b : new int[] {0, 1, 4, 13, 40}) {
                    TernaryMask mask = random(seed, 2_003, share);
                    GolombCode code = new GolombCode(b);
                    long bits = code.bits(mask);
                    BitWriter writer = new BitWriter(bits);
                    code.write(mask, writer);

                    assertThat(read(code, writer.bytes(), bits, 2_003, mask.count()))
                            .isEqualTo(mask);
                }
            }
        });
    }

    @Test
    void streamsThatCannotBeAreRefused() {
        GolombCode code = new GolombCode(1);
        byte[] stream = {0b01001110, 0b00000000};

        refused(() -> read(code, stream, 10, 10, 4), "bit stream ends after 10 bits, before its last entry");
        refused(() -> read(code, stream, 10, 10, 2), "bit stream; found 10 bits; allowed 6, those of its entries");
        refused(() -> read(code, stream, 10, 6, 3), "entry 2 of 3 lies beyond the 6 of the vector");
        refused(() -> read(code, new byte[] {0b01001110, 1}, 10, 10, 3), "bit stream; found ones after its end");
        refused(() -> read(code, stream, 20, 10, 3), "bit stream; found 2 bytes; allowed what 20 bits take");
        refused(
                () -> read(new GolombCode(0), new byte[] {-1, -1, -1}, 24, 10, 1),
                "bit stream ends after 24 bits, before its last entry");
    }

    private static void refused(Runnable reading, String message) {
        assertThatThrownBy(reading::run).isInstanceOf(InputException.class).hasMessage(message);
    }

    private static TernaryMask read(GolombCode code, byte[] stream, long bits, long length, long count) {
        BitReader reader = new BitReader(stream, bits);
        TernaryMask mask = code.read(length, count, reader);
        reader.requireEnd();
        return mask;
    }

    private static TernaryMask random(long seed, int length, double share) {
        RandomGenerator random = Seeded.random(seed, "mask");
        int[] signs = new int[length];
        for (int i = 0; i < length; i++) {
            signs[i] = random.nextDouble() < share ? random.nextBoolean() ? 1 : -1 : 0;
        }
        return TernaryMaskTest.mask(signs);
    }
}
