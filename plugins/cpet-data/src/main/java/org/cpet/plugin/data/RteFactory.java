package org.cpet.plugin.data;

import java.util.List;
import org.cpet.spi.data.TaskFields;
import org.cpet.spi.data.TaskFields.LabelWord;

/** {@code glue/rte}: does the second text follow from the first? */
public final class RteFactory implements GlueTask {
    @Override
    public String name() {
        return "glue/rte";
    }

    @Override
    public String description() {
        return "RTE: whether the second text follows from the first, entailment or not_entailment";
    }

    @Override
    public TaskFields fields() {
        return new TaskFields(
                "tsv",
                List.of("sentence1", "sentence2"),
                "label",
                List.of(new LabelWord("entailment", "entailment"), new LabelWord("not_entailment", "not_entailment")),
                "rte sentence1: {0} sentence2: {1}");
    }
}
