package org.cpet.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cpet.spi.InputException;
import org.cpet.spi.adapter.AdapterCodec;
import org.cpet.spi.adapter.AdapterCodecFactory;
import org.cpet.spi.adapter.PackedAdapter;
import org.cpet.spi.adapter.SavedAdapter;
import org.cpet.spi.adapter.TaskVector;
import org.junit.jupiter.api.Test;

/** What every adapter codec holds. */
public interface AdapterCodecContract<O extends Record> extends ExtensionContract<AdapterCodecFactory<O>, O> {
    @Test
    default void whatIsSavedIsReadAsItWas() {
        Seeded.run(seed -> {
            PackedAdapter packed = codec().pack(ToyVectors.of(seed));
            PackedAdapter read = codec().read(packed.tensors(), packed.saved());

            assertThat(packed.tensors()).isEqualTo(ToyVectors.of(seed).tensors());
            assertThat(packed.saved().version()).isEqualTo(codec().version());
            assertEqual(read.saved(), packed.saved());
            assertEqual(read.unpack(), packed.unpack());
            assertThat(read.facts()).isEqualTo(packed.facts());
        });
    }

    @Test
    default void everyCandidateIsReadAsItWas() {
        for (PackedAdapter candidate : codec().candidates(ToyVectors.of(1))) {
            assertEqual(codec().read(candidate.tensors(), candidate.saved()).unpack(), candidate.unpack());
        }
    }

    @Test
    default void equalVectorsGiveEqualBytes() {
        assertEqual(
                codec().pack(ToyVectors.of(1)).saved(),
                codec().pack(ToyVectors.of(1)).saved());
    }

    @Test
    default void numbersThatAreNoneAreRefused() {
        for (float value : List.of(Float.NaN, Float.NEGATIVE_INFINITY)) {
            TaskVector vector = ToyVectors.of(1);
            vector.values().get(1)[2] = value;

            assertThatThrownBy(() -> codec().pack(vector))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(vector.tensors().get(1).name());
        }
    }

    @Test
    default void damagedStreamsAreRefused() {
        PackedAdapter packed = codec().pack(ToyVectors.of(1));
        packed.saved().streams().forEach((name, stream) -> {
            for (int i = 0; i < stream.length; i++) {
                byte[] damaged = stream.clone();
                damaged[i] ^= 0x10;
                SavedAdapter saved = with(packed.saved(), name, damaged);

                assertThatThrownBy(() -> codec().read(packed.tensors(), saved)).isInstanceOf(InputException.class);
            }
            SavedAdapter cut = with(packed.saved(), name, Arrays.copyOf(stream, stream.length - 1));

            assertThatThrownBy(() -> codec().read(packed.tensors(), cut)).isInstanceOf(InputException.class);
        });
    }

    @Test
    default void productsAreThoseOfTheUnpackedValues() {
        Seeded.run(seed -> {
            PackedAdapter a = codec().pack(ToyVectors.of(seed));
            PackedAdapter b = codec().pack(ToyVectors.of(seed + 100));
            double dot = dot(a.unpack(), b.unpack());
            double squaresOfA = dot(a.unpack(), a.unpack());
            double squaresOfB = dot(b.unpack(), b.unpack());
            Map<String, Double> found = a.compare(b);

            // both sides sum a few hundred products in float64
            assertThat(found.get("dot")).isCloseTo(dot, within(1e-9 * squaresOfA));
            assertThat(found.get("squared_distance"))
                    .isCloseTo(squaresOfA + squaresOfB - 2 * dot, within(1e-9 * squaresOfA));
            assertThat(found.get("cosine")).isCloseTo(dot / Math.sqrt(squaresOfA * squaresOfB), within(1e-9));
        });
    }

    private AdapterCodec codec() {
        return factory().create(options(), new PlainContext(1));
    }

    private static SavedAdapter with(SavedAdapter saved, String name, byte[] stream) {
        Map<String, byte[]> streams = new HashMap<>(saved.streams());
        streams.put(name, stream);
        return new SavedAdapter(saved.version(), saved.values(), streams);
    }

    private static void assertEqual(SavedAdapter found, SavedAdapter expected) {
        assertThat(found.values()).isEqualTo(expected.values());
        assertThat(found.streams().keySet()).isEqualTo(expected.streams().keySet());
        expected.streams()
                .forEach((name, stream) -> assertThat(found.stream(name)).isEqualTo(stream));
    }

    private static void assertEqual(TaskVector found, TaskVector expected) {
        assertThat(found.tensors()).isEqualTo(expected.tensors());
        for (int i = 0; i < expected.values().size(); i++) {
            assertThat(found.values().get(i)).isEqualTo(expected.values().get(i));
        }
    }

    private static double dot(TaskVector a, TaskVector b) {
        double dot = 0;
        for (int i = 0; i < a.values().size(); i++) {
            for (int j = 0; j < a.values().get(i).length; j++) {
                dot += (double) a.values().get(i)[j] * b.values().get(i)[j];
            }
        }
        return dot;
    }
}
