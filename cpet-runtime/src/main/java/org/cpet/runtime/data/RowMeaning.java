package org.cpet.runtime.data;

import java.util.List;
import org.cpet.runtime.recipe.DataSection.FieldNames;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.data.TaskFields;

/**
 * What the fields of a row stand for.
 *
 * @param fields texts, label and prompt; its labels are empty when they are still to be taken from the training rows
 * @param classes whether the label is one of a few classes, or else free text
 */
public record RowMeaning(TaskFields fields, boolean classes) {
    /** As a template says. */
    public static RowMeaning of(TaskFields template) {
        return new RowMeaning(template, !template.labels().isEmpty());
    }

    /**
     * As {@code data.fields} says: texts with a label, or a prompt with its completion.
     *
     * @param reader name of the file format
     */
    public static RowMeaning of(FieldNames names, String reader) {
        boolean labelled = names.text().isPresent();
        return labelled
                ? labelled(names.text().orElseThrow(), names.label().orElseThrow(), reader)
                : new RowMeaning(
                        new TaskFields(
                                reader,
                                List.of(names.prompt().orElseThrow()),
                                names.completion().orElseThrow(),
                                List.of(),
                                "{0}"),
                        false);
    }

    private static RowMeaning labelled(List<String> texts, String label, String reader) {
        if (texts.isEmpty() || texts.size() > 2) {
            throw new CpetException(
                    ExitCode.RECIPE, "data.fields.text; found " + texts.size() + " names; allowed one or two");
        }
        String prompt = texts.size() == 1 ? "{0}" : "{0} {1}";
        return new RowMeaning(new TaskFields(reader, texts, label, List.of(), prompt), true);
    }
}
