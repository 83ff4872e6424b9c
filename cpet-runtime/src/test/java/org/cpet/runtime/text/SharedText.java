package org.cpet.runtime.text;

import com.google.common.primitives.ImmutableLongArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cpet.runtime.engine.SharedFiles;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tokenizers and their expected output, found beside the checkout. */
final class SharedText {
    private SharedText() {}

    static Path path(String relative) {
        return SharedFiles.require(relative);
    }

    static JsonNode json(String relative) {
        return JsonMapper.shared().readTree(path(relative).toFile());
    }

    static ImmutableLongArray longs(JsonNode array) {
        ImmutableLongArray.Builder values = ImmutableLongArray.builder();
        array.forEach(value -> values.add(value.asLong()));
        return values.build();
    }

    static List<String> texts(JsonNode array) {
        List<String> values = new ArrayList<>();
        array.forEach(value -> values.add(value.asString()));
        return values;
    }
}
