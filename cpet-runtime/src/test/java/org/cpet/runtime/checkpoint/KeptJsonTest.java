package org.cpet.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.cpet.spi.InputException;
import org.cpet.spi.estimate.Selection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeptJsonTest {
    private static final Path FILE = Path.of("kept.json");

    @Test
    void readsWhatItWrote() {
        Selection kept = new Selection(
                Map.of("layer.0.attention", new int[] {0, 2}),
                Map.of("layer.0.ffn", new int[] {1, 3, 5}),
                Map.of("layer.0.query", new int[0]));

        String text = Json.line(KeptJson.write(kept));

        assertThat(text)
                .isEqualTo("{\"kept_kv_groups\":{\"layer.0.attention\":[0,2]},"
                        + "\"kept_ffn_units\":{\"layer.0.ffn\":[1,3,5]},\"kept_ranks\":{\"layer.0.query\":[]}}");
        assertThat(Json.line(KeptJson.write(KeptJson.read(FILE, Json.parse(text, FILE)))))
                .isEqualTo(text);
    }

    @Test
    void aPartThatIsMissingIsEmpty() {
        assertThat(KeptJson.read(FILE, Json.object()).ranks()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"kept_ranks\":[1]}|kept.json: kept_ranks; found [1]; allowed an object of lists of indices",
                "{\"kept_ranks\":{\"a\":3}}|kept.json: kept_ranks; found 3; allowed lists of indices",
                "{\"kept_ranks\":{\"a\":[1,\"2\"]}}|kept.json: kept_ranks; found [1,\"2\"]; allowed lists of indices",
            })
    void refusesWhatHoldsNoIndices(String text, String message) {
        assertThatThrownBy(() -> KeptJson.read(FILE, Json.parse(text, FILE)))
                .isInstanceOf(InputException.class)
                .hasMessage(message);
    }
}
