package org.cpet.runtime.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.google.common.primitives.ImmutableLongArray;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.cpet.spi.InputException;

/**
 * A model's tokenizer. It holds no settings: what {@code tokenizer.json} says about truncation and padding is not
 * followed, lengths are asked for with each text. Safe to share between threads.
 */
public final class Tokenizer implements AutoCloseable {
    private final TokenizerFile file;
    private final HuggingFaceTokenizer tokens;

    private Tokenizer(TokenizerFile file, HuggingFaceTokenizer tokens) {
        this.file = file;
        this.tokens = tokens;
    }

    /**
     * Reads {@code tokenizer.json}.
     *
     * @param path the file, or the model directory that holds it
     * @throws InputException naming the file, when it is missing or broken
     */
    public static Tokenizer load(Path path) {
        Path json = path.endsWith("tokenizer.json") || path.toString().endsWith(".json")
                ? path
                : path.resolve("tokenizer.json");
        TokenizerFile file = TokenizerFile.read(json);
        return new Tokenizer(file, NativeTokenizer.open(file));
    }

    /** The file it was read from. */
    public Path file() {
        return file.path();
    }

    /** One more than the largest id it can give. */
    public int size() {
        return file.largestId() + 1;
    }

    /** The id of a token of the vocabulary. */
    public OptionalInt id(String token) {
        Integer id = file.ids().get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /**
     * Makes sure that a model has an embedding for every token.
     *
     * @param vocabulary rows of the embedding table
     * @throws InputException when this tokenizer was made for another model
     */
    public void requireWithin(int vocabulary) {
        if (size() > vocabulary) {
            throw new InputException(file.path() + ": wrong tokenizer; found ids up to " + file.largestId()
                    + "; allowed below " + vocabulary + ", the model's vocabulary");
        }
    }

    /** One text, with special tokens. */
    public TokenizedText encode(String text) {
        return Truncation.none(whole(List.of(text), true));
    }

    /** Two texts, with special tokens. */
    public TokenizedText encode(String text, String pair) {
        return Truncation.none(whole(List.of(text, pair), true));
    }

    /** One or two texts, cut to at most {@code maxLength} tokens, the special ones included. */
    public TokenizedText encode(List<String> texts, int maxLength) {
        return Truncation.to(maxLength, whole(texts, true));
    }

    /** One text without the special tokens that a model wants around it. */
    public TokenizedText encodeBare(String text) {
        return Truncation.none(whole(List.of(text), false));
    }

    /** Text again; ids outside the vocabulary give nothing. */
    public String decode(ImmutableLongArray ids, boolean skipSpecialTokens) {
        return tokens.decode(ids.toArray(), skipSpecialTokens);
    }

    @Override
    public void close() {
        tokens.close();
    }

    private Encoding whole(List<String> texts, boolean special) {
        texts.forEach(Tokenizer::requireWholeCharacters);
        return texts.size() == 1
                ? tokens.encode(texts.get(0), special, false)
                : tokens.encode(texts.get(0), texts.get(1), special, false);
    }

    /** UTF-8 has no form for half a surrogate pair, so the native side would read another text than was given. */
    private static void requireWholeCharacters(String text) {
        boolean half = text.codePoints().anyMatch(point -> Character.getType(point) == Character.SURROGATE);
        if (half) {
            throw new InputException("text with an unpaired surrogate; allowed whole characters");
        }
    }
}
