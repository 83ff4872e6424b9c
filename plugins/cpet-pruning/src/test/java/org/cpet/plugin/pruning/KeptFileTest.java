package org.cpet.plugin.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cpet.spi.InputException;
import org.cpet.spi.fixture.Fixtures;
import org.cpet.spi.model.AttentionSpec;
import org.cpet.spi.model.FeedForwardSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.tensor.Activation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptFileTest {
    private static final String LAYER = "bert.encoder.layer.";

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("kept.json");
    }

    @Test
    void theReferenceFileIsRead() {
        KeptUnits kept =
                KeptFile.read(Fixtures.require("fixtures/bert_cls/golden/compress/structured_heads/kept.json"), bert());

        assertThat(kept.groups().get(LAYER + "1.attention.self")).containsExactly(0, 2);
        assertThat(kept.units().get(LAYER + "0"))
                .hasSize(36)
                .startsWith(0, 2, 3)
                .endsWith(58, 59);
    }

    @Test
    void anUnknownModuleNamesTheNearest() {
        assertProblem(
                "{\"kept_kv_groups\": {\"bert.encoder.layer.9.attention.self\": [0]}}",
                ":1:21: unknown module in kept_kv_groups; found bert.encoder.layer.9.attention.self; allowed"
                        + " bert.encoder.layer.0.attention.self, bert.encoder.layer.1.attention.self; did you mean"
                        + " bert.encoder.layer.0.attention.self?");
    }

    @Test
    void anUnknownKeyNamesTheNearest() {
        assertProblem(
                "{\"kept_fnn_units\": {}}",
                ":1:2: unknown key; found kept_fnn_units; allowed kept_kv_groups, kept_ffn_units, kept_layers,"
                        + " ... (6 in all); did you mean kept_ffn_units?");
    }

    @Test
    void anIndexOutOfRangeNamesTheRange() {
        assertProblem(
                "{\"kept_kv_groups\":\n {\"bert.encoder.layer.0.attention.self\": [0, 3]}}",
                ":2:46: an index of bert.encoder.layer.0.attention.self; found 3; allowed 0 to 2");
    }

    @Test
    void otherValuesAreNoIndices() {
        for (String value : List.of("-1", "1.0", "\"1\"", "null", "99999999999999999999", "true")) {
            assertProblem(
                    "{\"kept_ffn_units\": {\"bert.encoder.layer.0\": [" + value + "]}}",
                    ":1:46: an index of bert.encoder.layer.0; found " + value.replace("\"", "") + "; allowed 0 to 59");
        }
    }

    @Test
    void indicesAscendEachOnce() {
        assertProblem(
                "{\"kept_ffn_units\": {\"bert.encoder.layer.0\": [4, 2]}}",
                ":1:49: indices of bert.encoder.layer.0; found 2 after 4; allowed ascending, each once");
        assertProblem(
                "{\"kept_ffn_units\": {\"bert.encoder.layer.0\": [4, 4]}}",
                ":1:49: indices of bert.encoder.layer.0; found 4 after 4; allowed ascending, each once");
    }

    @Test
    void somethingMustStay() {
        assertProblem(
                "{\"kept_ffn_units\": {\"bert.encoder.layer.0\": []}}",
                ":1:46: indices of bert.encoder.layer.0; found none; allowed at least one of 0 to 59");
    }

    @Test
    void duplicatesAreRefused() {
        assertProblem(
                "{\"kept_ffn_units\": {}, \"kept_ffn_units\": {}}",
                ":1:24: duplicate key; found kept_ffn_units again; allowed once");
        assertProblem(
                "{\"kept_ffn_units\": {\"bert.encoder.layer.0\": [0], \"bert.encoder.layer.0\": [1]}}",
                ":1:50: duplicate key; found bert.encoder.layer.0 again; allowed once");
    }

    @Test
    void headSizesMustBeTheModels() {
        assertProblem(
                "{\"head_dim\": 14}",
                ":1:14: head_dim; found 14; allowed 12, as in bert.encoder.layer.0.attention.self");
        assertProblem(
                "{\"query_heads_per_kv_group\": 3}",
                ":1:30: query_heads_per_kv_group; found 3; allowed 1, as in bert.encoder.layer.0.attention.self");
    }

    @Test
    void otherDocumentsAreRefused() {
        assertProblem("", ":1:1: found an empty document; allowed an object with kept_kv_groups and kept_ffn_units");
        assertProblem("[1]", ":1:1: found [; allowed an object with kept_kv_groups and kept_ffn_units");
        assertProblem("{\"kept_kv_groups\": 3}", ":1:20: found 3; allowed an object of modules in kept_kv_groups");
        assertProblem("{} {}", ":1:4: more after the end of the document; found {; allowed one object");
    }

    @Test
    void brokenJsonNamesThePlace() {
        assertThatThrownBy(() -> KeptFile.read(Files.writeString(file, "{\"kept_kv_groups\": {\"a"), bert()))
                .isInstanceOf(InputException.class)
                .hasMessageMatching("\\Q" + file + "\\E:1:\\d+: not JSON: [^\\n]+");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> KeptFile.read(file, bert()))
                .isInstanceOf(InputException.class)
                .hasMessage("keep: no such file; found " + file);
    }

    private void assertProblem(String json, String message) {
        try {
            Files.writeString(file, json);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertThatThrownBy(() -> KeptFile.read(file, bert()))
                .isInstanceOf(InputException.class)
                .hasMessage(file + message);
    }

    /** Two layers with three heads of size 12 and 60 neurons. */
    private static ModelLayout bert() {
        return new ModelLayout(
                "bert",
                ModelTask.SEQ_CLS,
                36,
                50,
                "bert.",
                List.of(),
                List.of(),
                List.of(),
                List.of(attention(0), attention(1)),
                List.of(
                        new FeedForwardSpec(LAYER + 0, List.of("i"), "o", 60, Activation.GELU),
                        new FeedForwardSpec(LAYER + 1, List.of("i"), "o", 60, Activation.GELU)));
    }

    private static AttentionSpec attention(int layer) {
        return new AttentionSpec(LAYER + layer + ".attention.self", "q", "k", "v", "o", 3, 1, 12);
    }
}
