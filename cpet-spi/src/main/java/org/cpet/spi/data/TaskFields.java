package org.cpet.spi.data;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How rows become examples.
 *
 * @param reader the dataset reader's name: {@code jsonl}, {@code tsv}, {@code csv}
 * @param texts one or two fields with text
 * @param label the field with the label, or with the completion of a prompt
 * @param labels allowed labels as the file writes them, in class order, each with the word that a language model
 *     answers; empty when the label is free text
 * @param prompt what a language model reads, with {@code {0}} and {@code {1}} for the texts
 */
public record TaskFields(String reader, List<String> texts, String label, List<LabelWord> labels, String prompt) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([01])\\}");

    public TaskFields {
        texts = List.copyOf(texts);
        labels = List.copyOf(labels);
    }

    /** A class: its label in the file and the word for it. */
    public record LabelWord(String label, String word) {}

    /** The prompt of an example; a placeholder inside a text is text. */
    public String promptOf(List<String> values) {
        return PLACEHOLDER.matcher(prompt).replaceAll(found -> {
            int position = Integer.parseInt(found.group(1));
            return Matcher.quoteReplacement(position < values.size() ? values.get(position) : found.group());
        });
    }
}
