package org.cpet.plugin.adapters.compeft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cpet.spi.InputException;
import org.cpet.spi.adapter.AdapterTensor;
import org.cpet.spi.adapter.PackedAdapter;
import org.cpet.spi.adapter.SavedAdapter;
import org.cpet.spi.adapter.TaskVector;
import org.cpet.spi.contract.PlainContext;
import org.cpet.spi.contract.ToyVectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompeftTest {
    private static final float[] TAU = {.10f, -.40f, .05f, .80f, -.20f, 0, -.90f, .30f, .02f, -.07f};

    private final PlainContext context = new PlainContext(1);

    @Test
    void theWorkedVector() {
        TernaryAdapter packed = pack(0.3, TAU);

        assertThat(packed.parts().get(0).sigma()).isCloseTo(0.4408073401, within(1e-8)); // τ is rounded to float32
        assertThat(packed.parts().get(0).mask().positiveBytes()).isEqualTo(new byte[] {8, 0});
        assertThat(packed.parts().get(0).mask().negativeBytes()).isEqualTo(new byte[] {0x42, 0});
        float scale = (float) 0.4408073401;
        float[] expected = {0, -scale, 0, scale, 0, 0, -scale, 0, 0, 0};
        assertThat(packed.unpack().values().get(0)).containsExactly(expected, within(1e-7f));
        assertThat(packed.saved().stream("gaps")).isEqualTo(new byte[] {0b01001110, 0});
        assertThat(packed.saved().value("bits")).isEqualTo("10");
    }

    /** In binary 0.29 · 100 is 28.999..., and 0.07 · 100 is 7.000...1. */
    @ParameterizedTest
    @CsvSource({
        "0.29, 100, 29",
        "0.07, 100, 7",
        "0.05, 3648, 182",
        "0.3, 10, 3",
        "1, 7, 7",
        "0.05, 19, 0",
        "1e-7, 30000001, 3"
    })
    void keptIsExactInDecimal(double density, long d, long kept) {
        assertThat(new CompeftOptions(density, 1, false).kept(d)).isEqualTo(kept);
    }

    @Test
    void alphaScalesAndLeavesTheMasks() {
        List<PackedAdapter> candidates = codec(0.3, 1, false).candidates(vector(TAU));

        assertThat(candidates)
                .extracting(candidate -> candidate.facts().get("alpha"))
                .containsExactly(0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0);
        assertThat(candidates.get(4).unpack().values().get(0)[3]).isCloseTo(4 * 0.4408073f, within(1e-6f));
    }

    @Test
    void eachTensorHasItsOwnShareAndScaleWhenAsked() {
        TaskVector vector = ToyVectors.of(1);
        TernaryAdapter packed = codec(0.2, 1, true).pack(vector);

        assertThat(packed.parts()).hasSize(3);
        for (int i = 0; i < 3; i++) {
            TernaryAdapter alone = codec(0.2, 1, false)
                    .pack(TaskVector.of(
                            Map.of(vector.tensors().get(i), vector.values().get(i))));
            assertThat(packed.unpack().values().get(i))
                    .isEqualTo(alone.unpack().values().get(0));
        }
    }

    @Test
    void adaptersWithOneScaleAndWithManyCanBeCompared() {
        TernaryAdapter one = codec(0.2, 1, false).pack(ToyVectors.of(1));
        TernaryAdapter many = codec(0.2, 1, true).pack(ToyVectors.of(2));

        assertThat(one.split().unpack().values())
                .usingRecursiveComparison()
                .isEqualTo(one.unpack().values());
        assertThat(one.compare(many)).isEqualTo(many.compare(one));
    }

    @Test
    void keptZerosAreToldOf() {
        TernaryAdapter packed = pack(0.5, 1, 0, 0, 0, -2, 0, 0, 0);

        assertThat(packed.count()).isEqualTo(2);
        assertThat(context.notices())
                .containsExactly("2 of the largest 50.0 % of entries are 0 and have no sign; 2 are kept");
        assertThat(new Compeft(new CompeftOptions(0.05, 1, false), context)
                        .read(packed.tensors(), packed.saved())
                        .unpack()
                        .values()
                        .get(0))
                .isEqualTo(packed.unpack().values().get(0));
    }

    @Test
    void entriesWithoutSpreadAreRefused() {
        assertThatThrownBy(() -> pack(0.5, 3, 3, 3))
                .isInstanceOf(InputException.class)
                .hasMessage("all entries of the adapter are the same, so their standard deviation, the scale of what is"
                        + " kept, is 0; allowed entries that differ");
    }

    @Test
    void theSmallerEncodingIsWritten() {
        assertThat(codec(0.5, 1, false).pack(ToyVectors.of(1)).saved().value("encoding"))
                .isEqualTo("golomb");
        // gaps take 2 bits an entry where all are kept, bit sets as many; then the simpler one is written
        assertThat(pack(1, 1, 2, -3, 4, 5, -6, 7, 8).saved().value("encoding")).isEqualTo("bitmap");
    }

    /** What version 1 wrote of the worked vector. */
    @Test
    void theFirstVersionIsRead() {
        SavedAdapter saved = new SavedAdapter(
                1,
                Map.of("density", "0.3", "alpha", "1.0", "kept", "3", "sigma", "0.4408073400968985"),
                Map.of("positive", new byte[] {8, 0}, "negative", new byte[] {0x42, 0}));
        PackedAdapter read = codec(0.05, 1, false).read(vector(TAU).tensors(), saved);

        assertThat(read.unpack().values().get(0))
                .isEqualTo(pack(0.3, TAU).unpack().values().get(0));
    }

    @Test
    void damagedFilesAreRefusedWithTheReason() {
        SavedAdapter saved = pack(0.3, TAU).saved();

        refused(with(saved, "kept", "4"), "bit stream ends after 10 bits, before its last entry");
        refused(with(saved, "sigma", "NaN"), "sigma; found NaN; allowed numbers from 0");
        refused(with(saved, "sigma", "x"), "sigma; found a text that is no number; allowed numbers from 0");
        refused(with(saved, "kept", "1 2"), "kept; found 2 numbers; allowed 1");
        refused(with(saved, "encoding", "zip"), "encoding; found zip; allowed bitmap, golomb");
        refused(with(saved, "golomb_parameter", "99"), "golomb_parameter; found 99; allowed 0 to 40");
        Map<String, String> values = new HashMap<>(saved.values());
        values.remove("alpha");
        refused(
                CompeftFile.signed(vector(TAU).tensors(), values, saved.streams()),
                "'alpha' is missing from the packed adapter");
        values.put("alpha", "2.0");
        refused(
                new SavedAdapter(2, values, saved.streams()),
                "checksum; found " + with(saved, "alpha", "2.0").value("crc32") + "; allowed " + saved.value("crc32")
                        + ", that of the adapter when it was written");
    }

    private void refused(SavedAdapter saved, String message) {
        assertThatThrownBy(() -> codec(0.3, 1, false).read(vector(TAU).tensors(), saved))
                .isInstanceOf(InputException.class)
                .hasMessage(message);
    }

    private static SavedAdapter with(SavedAdapter saved, String name, String value) {
        Map<String, String> values = new HashMap<>(saved.values());
        values.put(name, value);
        return CompeftFile.signed(vector(TAU).tensors(), values, saved.streams());
    }

    private TernaryAdapter pack(double density, float... values) {
        return codec(density, 1, false).pack(vector(values));
    }

    private Compeft codec(double density, double alpha, boolean perTensor) {
        return new Compeft(new CompeftOptions(density, alpha, perTensor), context);
    }

    private static TaskVector vector(float... values) {
        return TaskVector.of(Map.of(new AdapterTensor("tau", new Shape(values.length)), values));
    }
}
