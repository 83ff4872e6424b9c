package org.cpet.runtime.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.cpet.runtime.text.TokenizedText;
import org.cpet.runtime.text.Tokenizer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code cpet tokenize}. */
@Command(
        name = "tokenize",
        mixinStandardHelpOptions = true,
        description = "Shows how a model's tokenizer cuts a text.",
        footer = {"", "Example:", "  cpet tokenize --model DIR --text 'a fine film' --json"})
final class TokenizeCommand implements Callable<Integer> {
    @Option(names = "--model", required = true, description = "model directory")
    private Path model;

    @Option(names = "--text", required = true, description = "the text")
    private String text;

    @Option(names = "--pair", description = "a second text")
    private @Nullable String pair;

    @Option(names = "--max-length", description = "cut to so many tokens, special tokens included")
    private @Nullable Integer maxLength;

    @Option(names = "--json", description = "print one JSON document")
    private boolean json;

    @Override
    public Integer call() {
        try (Tokenizer tokenizer = Tokenizer.load(model)) {
            List<String> texts = pair == null ? List.of(text) : List.of(text, pair);
            TokenizedText tokens = tokenizer.encode(texts, maxLength == null ? Integer.MAX_VALUE : maxLength);
            if (json) {
                Map<String, Object> document = new LinkedHashMap<>();
                document.put("ids", tokens.ids().asList());
                document.put("type_ids", tokens.typeIds().asList());
                document.put("tokens", tokens.tokens());
                document.put("cut", tokens.cut());
                System.out.println(Json.write(document));
            } else {
                for (int i = 0; i < tokens.length(); i++) {
                    System.out.printf(
                            "%7d  %s%n", tokens.ids().get(i), tokens.tokens().get(i));
                }
            }
            return 0;
        }
    }
}
