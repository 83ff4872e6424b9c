package org.cpet.runtime.data;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.cpet.spi.InputException;
import org.cpet.spi.data.Example;
import org.cpet.spi.data.TaskFields.LabelWord;

/** The classes of a task in their order, each with the word by which a language model answers it. */
public record ClassLabels(List<LabelWord> labels) {
    private static final int SURELY_CLASSES = 20;
    private static final Comparator<String> NUMERIC = Comparator.comparingLong(Long::parseLong);

    public ClassLabels {
        labels = List.copyOf(labels);
    }

    /** How many. */
    public int size() {
        return labels.size();
    }

    /** As files write them. */
    public List<String> names() {
        return labels.stream().map(LabelWord::label).toList();
    }

    /** As language models answer them. */
    public List<String> words() {
        return labels.stream().map(LabelWord::word).toList();
    }

    /** The number of a class, −1 when it is none. */
    public int indexOf(String label) {
        return names().indexOf(label);
    }

    /**
     * The labels of the training rows, sorted, as numbers when all are whole numbers; the words are the labels
     * themselves.
     *
     * @param field the label's field, for messages
     * @param notices told what was found
     */
    static ClassLabels of(List<Example> train, String field, Consumer<String> notices) {
        Path file = train.get(0).file();
        Map<String, Long> rows =
                train.stream().collect(Collectors.groupingBy(Example::label, TreeMap::new, Collectors.counting()));
        if (rows.size() < 2) {
            throw new InputException(file + ": field '" + field + "' has one value; found '"
                    + train.get(0).label() + "'; allowed at least two classes");
        }
        if (rows.size() > Math.max(SURELY_CLASSES, train.size() / 2)) {
            throw new InputException(file + ": field '" + field + "' has " + rows.size() + " different values in "
                    + train.size() + " rows; allowed classes; free text belongs to {prompt, completion}");
        }
        List<String> sorted = rows.keySet().stream().allMatch(ClassLabels::isWhole)
                ? rows.keySet().stream().sorted(NUMERIC).toList()
                : List.copyOf(rows.keySet());
        notices.accept(file + ": labels "
                + sorted.stream()
                        .map(label -> "'" + label + "' (" + rows.get(label) + " rows)")
                        .collect(Collectors.joining(", ")));
        return new ClassLabels(
                sorted.stream().map(label -> new LabelWord(label, label)).toList());
    }

    private static boolean isWhole(String label) {
        return label.matches("-?[0-9]{1,18}");
    }
}
