package org.cpet.plugin.pet.prompt;

import java.util.Optional;
import org.cpet.spi.Option;
import org.cpet.spi.Options;

/**
 * Options of {@code prompt}.
 *
 * @param numVirtualTokens embeddings before those of a row's tokens
 * @param init what they start from
 * @param initText the text, where they start from one
 */
public record PromptOptions(
        @Option(description = "trained embeddings in front of those of a row", defaultValue = "20", min = 1)
        int numVirtualTokens,

        @Option(
                description = "start from the embeddings of drawn tokens (vocabulary), of a text's tokens (text), or"
                        + " uniform in ±0.5 (random)",
                defaultValue = "vocabulary")
        PromptInit init,

        @Option(description = "the text whose tokens the prompt starts from, with init: text")
        Optional<String> initText) {
    public PromptOptions {
        Options.check(
                (init == PromptInit.TEXT) == initText.isPresent(),
                "init_text belongs to init: text, was %s with init: %s",
                initText.map(text -> "'" + text + "'").orElse("absent"),
                init.name().toLowerCase(java.util.Locale.ROOT));
    }
}
