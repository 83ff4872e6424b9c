package org.cpet.plugin.models;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.TokenBatch;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A folder of golden files: inputs, outputs, and how close is close enough. */
record Golden(ModelSession session, Path folder) {
    /** The batch of an inputs file. */
    TokenBatch batch(String file) {
        Map<String, NDArray> tensors = session.read(folder.resolve(file));
        return new TokenBatch(
                tensors.get("input_ids"),
                tensors.get("attention_mask"),
                Optional.ofNullable(tensors.get("token_type_ids")),
                Optional.ofNullable(tensors.get("decoder_input_ids")),
                Optional.ofNullable(tensors.get("labels")));
    }

    /** Tensors of an output under the names of the golden files. */
    static Map<String, NDArray> named(ModelOutput output) {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        output.logits().ifPresent(logits -> tensors.put("logits", logits));
        output.pooled().ifPresent(pooled -> tensors.put("pooled", pooled));
        boolean two = !output.decoderHiddenStates().isEmpty();
        number(two ? "encoder_hidden." : "hidden.", output.hiddenStates(), tensors);
        number("decoder_hidden.", output.decoderHiddenStates(), tensors);
        return tensors;
    }

    /** Every tensor of the golden file but the loss is there and close. */
    void assertOutputs(String file, Map<String, NDArray> actual) {
        Map<String, NDArray> expected = session.read(folder.resolve(file));
        expected.remove("loss");
        assertThat(actual.keySet()).containsAll(expected.keySet());
        expected.forEach((name, tensor) -> assertClose(file, name, actual.get(name), tensor));
    }

    private void assertClose(String file, String name, NDArray actual, NDArray expected) {
        assertThat(actual.getShape()).as(name).isEqualTo(expected.getShape());
        double tolerance = tolerance(file, name);
        float[] a = actual.toFloatArray();
        float[] e = expected.toFloatArray();
        double worst = 0;
        for (int i = 0; i < e.length; i++) {
            // NaN in a golden file marks a padding position
            double difference = Float.isNaN(e[i]) ? 0 : Math.abs((double) a[i] - e[i]);
            worst = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(worst, difference);
        }
        assertThat(worst).as("%s of %s", name, folder.resolve(file)).isLessThanOrEqualTo(tolerance);
    }

    private double tolerance(String file, String name) {
        Path path = folder.resolve("tolerance.json");
        try {
            JsonNode all = JsonMapper.shared().readTree(Files.readAllBytes(path));
            double usual = all.path("default").path("atol").asDouble(1e-5);
            return all.path("tensors").path(file).path(name).path("atol").asDouble(usual);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void number(String prefix, List<NDArray> states, Map<String, NDArray> into) {
        for (int i = 0; i < states.size(); i++) {
            into.put(prefix + i, states.get(i));
        }
    }
}
