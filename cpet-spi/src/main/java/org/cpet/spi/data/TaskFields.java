package org.cpet.spi.data;

import java.util.List;
import java.util.Map;

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
    public TaskFields {
        texts = List.copyOf(texts);
        labels = List.copyOf(labels);
    }

    /** A class: its label in the file and the word for it. */
    public record LabelWord(String label, String word) {}

    /** The prompt of an example. */
    public String promptOf(List<String> values) {
        String filled = prompt;
        for (Map.Entry<String, String> entry : numbered(values).entrySet()) {
            filled = filled.replace(entry.getKey(), entry.getValue());
        }
        return filled;
    }

    private static Map<String, String> numbered(List<String> values) {
        return values.size() == 1 ? Map.of("{0}", values.get(0)) : Map.of("{0}", values.get(0), "{1}", values.get(1));
    }
}
