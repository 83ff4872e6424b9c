package org.cpet.plugin.models;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.cpet.spi.model.TransformerModel;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A {@code kept.json}: what is left of heads and neurons. */
record Kept(JsonNode groups, JsonNode units) {
    static Kept read(Path file) {
        try {
            JsonNode all = JsonMapper.shared().readTree(Files.readAllBytes(file));
            return new Kept(all.path("kept_kv_groups"), all.path("kept_ffn_units"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Narrows a model; every name of the file must be one of its blocks. */
    void applyTo(TransformerModel model) {
        groups.forEachEntry((name, kept) -> model.attentions().stream()
                .filter(attention -> attention.name().equals(name))
                .findFirst()
                .orElseThrow()
                .keepGroups(numbers(kept)));
        units.forEachEntry((name, kept) -> model.feedForwards().stream()
                .filter(feedForward -> feedForward.name().equals(name))
                .findFirst()
                .orElseThrow()
                .keepUnits(numbers(kept)));
    }

    private static int[] numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }
}
