package org.cpet.plugin.data;

import java.util.List;
import org.cpet.spi.data.TaskFields;
import org.cpet.spi.data.TaskFields.LabelWord;

/** {@code glue/sst2}: is a sentence of a film review negative or positive? */
public final class Sst2Factory implements GlueTask {
    @Override
    public String name() {
        return "glue/sst2";
    }

    @Override
    public String description() {
        return "SST-2: sentiment of a sentence, negative (0) or positive (1)";
    }

    @Override
    public TaskFields fields() {
        return new TaskFields(
                "tsv",
                List.of("sentence"),
                "label",
                List.of(new LabelWord("0", "negative"), new LabelWord("1", "positive")),
                "sst2 sentence: {0}");
    }
}
