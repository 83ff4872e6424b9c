package org.cpet.runtime.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes the {@code tokenizer.json} of a tokenizer with one token a word: {@code <pad>} 0, {@code </s>} 1, {@code <s>} 2, {@code <unk>} 3, then the words. */
public final class WordTokenizer {
    private WordTokenizer() {}

    /** Ends every text with {@code </s>}, as T5 and, roughly, BERT; a pair gets segments 0 and 1. */
    public static Path ending(Path folder, String... words) {
        return write(
                folder,
                "[{\"Sequence\": {\"id\": \"A\", \"type_id\": 0}}, {\"SpecialToken\": {\"id\": \"</s>\", \"type_id\": 0}}]",
                "[{\"Sequence\": {\"id\": \"A\", \"type_id\": 0}}, {\"SpecialToken\": {\"id\": \"</s>\", \"type_id\": 0}},"
                        + " {\"Sequence\": {\"id\": \"B\", \"type_id\": 1}}, {\"SpecialToken\": {\"id\": \"</s>\", \"type_id\": 1}}]",
                words);
    }

    /** Starts every text with {@code <s>}, as LLaMA. */
    public static Path starting(Path folder, String... words) {
        return write(
                folder,
                "[{\"SpecialToken\": {\"id\": \"<s>\", \"type_id\": 0}}, {\"Sequence\": {\"id\": \"A\", \"type_id\": 0}}]",
                "[{\"SpecialToken\": {\"id\": \"<s>\", \"type_id\": 0}}, {\"Sequence\": {\"id\": \"A\", \"type_id\": 0}},"
                        + " {\"Sequence\": {\"id\": \"B\", \"type_id\": 0}}]",
                words);
    }

    private static Path write(Path folder, String single, String pair, String... words) {
        List<String> special = List.of("<pad>", "</s>", "<s>", "<unk>");
        String added = IntStream.range(0, special.size())
                .mapToObj(id -> "{\"id\": " + id + ", \"content\": \"" + special.get(id)
                        + "\", \"single_word\": false, \"lstrip\": false, \"rstrip\": false, \"normalized\": false,"
                        + " \"special\": true}")
                .collect(Collectors.joining(", "));
        String vocabulary = IntStream.range(0, special.size() + words.length)
                .mapToObj(
                        id -> "\"" + (id < special.size() ? special.get(id) : words[id - special.size()]) + "\": " + id)
                .collect(Collectors.joining(", "));
        // the file's own truncation and padding must not be followed
        String json = "{\"version\": \"1.0\","
                + " \"truncation\": {\"max_length\": 4, \"strategy\": \"LongestFirst\", \"stride\": 0},"
                + " \"padding\": {\"strategy\": {\"Fixed\": 4}, \"direction\": \"Right\", \"pad_to_multiple_of\": null,"
                + " \"pad_id\": 0, \"pad_type_id\": 0, \"pad_token\": \"<pad>\"},"
                + " \"added_tokens\": [" + added + "],"
                + " \"normalizer\": null, \"pre_tokenizer\": {\"type\": \"WhitespaceSplit\"},"
                + " \"post_processor\": {\"type\": \"TemplateProcessing\", \"single\": " + single + ", \"pair\": "
                + pair
                + ", \"special_tokens\": {\"</s>\": {\"id\": \"</s>\", \"ids\": [1], \"tokens\": [\"</s>\"]},"
                + " \"<s>\": {\"id\": \"<s>\", \"ids\": [2], \"tokens\": [\"<s>\"]}}},"
                + " \"decoder\": null,"
                + " \"model\": {\"type\": \"WordLevel\", \"vocab\": {" + vocabulary + "}, \"unk_token\": \"<unk>\"}}";
        try {
            return Files.writeString(folder.resolve("tokenizer.json"), json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
