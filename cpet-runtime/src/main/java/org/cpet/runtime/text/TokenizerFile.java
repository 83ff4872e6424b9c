package org.cpet.runtime.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.cpet.spi.InputException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code tokenizer.json} says about its vocabulary. */
record TokenizerFile(Path path, String json, Map<String, Integer> ids, int largestId) {
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxDocumentLength(64L << 20)
                            .build())
                    .build())
            .build();

    static TokenizerFile read(Path path) {
        try {
            String json = Files.readString(path);
            JsonNode root = MAPPER.readTree(json);
            Map<String, Integer> ids = new HashMap<>();
            vocabulary(root.path("model").path("vocab"), ids);
            root.path("added_tokens")
                    .forEach(token -> ids.put(
                            token.path("content").asString(""), token.path("id").asInt(0)));
            int largest =
                    ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
            if (largest < 0) {
                throw new InputException(path + ": not a tokenizer; found no vocabulary at model.vocab");
            }
            return new TokenizerFile(path, json, Map.copyOf(ids), largest);
        } catch (NoSuchFileException e) {
            throw new InputException(path + ": no such file; allowed a model directory with a tokenizer.json", e);
        } catch (IOException e) {
            throw new InputException(path + ": cannot be read; found " + e.getMessage(), e);
        } catch (JacksonException e) {
            throw new InputException(
                    path + ":" + e.getLocation().getLineNr() + ":"
                            + e.getLocation().getColumnNr() + ": not valid JSON; found "
                            + String.valueOf(e.getOriginalMessage()).split(": ", 2)[0],
                    e);
        }
    }

    /** BPE and WordPiece map pieces to ids; Unigram lists pieces with scores. */
    private static void vocabulary(JsonNode vocab, Map<String, Integer> ids) {
        if (vocab.isObject()) {
            vocab.properties()
                    .forEach(entry -> ids.put(entry.getKey(), entry.getValue().asInt(0)));
        }
        for (int i = 0; vocab.isArray() && i < vocab.size(); i++) {
            ids.put(vocab.get(i).path(0).asString(""), i);
        }
    }
}
