package org.cpet.runtime.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.cpet.spi.InputException;
import org.cpet.spi.model.ModelConfig;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The special ids that batches need.
 *
 * @param pad fills short rows; RoBERTa counts positions by it, other models never see it
 * @param eos ends an answer, where the tokenizer has such a token
 */
public record SpecialTokens(int pad, OptionalInt eos) {
    private static final List<String> FILES = List.of("tokenizer_config.json", "special_tokens_map.json");

    /**
     * By the model's directory: {@code eos_token} of {@code tokenizer_config.json} or {@code special_tokens_map.json},
     * else {@code eos_token_id} of the config; {@code pad_token_id} of the config, else 0.
     */
    public static SpecialTokens of(ModelConfig config, Tokenizer tokenizer) {
        Path folder = tokenizer.file().resolveSibling("");
        Optional<Integer> named = FILES.stream()
                .map(folder::resolve)
                .filter(Files::exists)
                .flatMap(file -> eosToken(file).stream())
                .flatMap(token -> tokenizer.id(token).stream().boxed())
                .findFirst();
        OptionalInt eos = named.or(() -> eosId(config)).stream()
                .mapToInt(Integer::intValue)
                .findFirst();
        return new SpecialTokens(config.integer("pad_token_id", 0), eos);
    }

    /** The ids that end an answer, none or one. */
    public Set<Long> ends() {
        return eos.isPresent() ? Set.of((long) eos.getAsInt()) : Set.of();
    }

    private static Optional<String> eosToken(Path file) {
        try {
            JsonNode token = JsonMapper.shared().readTree(file.toFile()).path("eos_token");
            return Stream.of(token, token.path("content"))
                    .filter(JsonNode::isString)
                    .map(JsonNode::asString)
                    .findFirst();
        } catch (JacksonException e) {
            throw new InputException(
                    file + ": not valid JSON; found "
                            + String.valueOf(e.getOriginalMessage()).split(": ", 2)[0],
                    e);
        }
    }

    /** A number, or a list of which the first is the usual one. */
    private static Optional<Integer> eosId(ModelConfig config) {
        Object value = config.values().get("eos_token_id");
        Object first = value instanceof List<?> list && !list.isEmpty() ? list.get(0) : value;
        return first instanceof Number id ? Optional.of(id.intValue()) : Optional.empty();
    }
}
