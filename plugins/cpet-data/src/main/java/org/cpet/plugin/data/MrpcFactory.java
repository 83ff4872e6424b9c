package org.cpet.plugin.data;

import java.util.List;
import org.cpet.spi.data.TaskFields;
import org.cpet.spi.data.TaskFields.LabelWord;

/** {@code glue/mrpc}: do two sentences say the same? */
public final class MrpcFactory implements GlueTask {
    @Override
    public String name() {
        return "glue/mrpc";
    }

    @Override
    public String description() {
        return "MRPC: whether two sentences say the same, not_equivalent (0) or equivalent (1)";
    }

    @Override
    public TaskFields fields() {
        return new TaskFields(
                "tsv",
                List.of("#1 String", "#2 String"),
                "Quality",
                List.of(new LabelWord("0", "not_equivalent"), new LabelWord("1", "equivalent")),
                "mrpc sentence1: {0} sentence2: {1}");
    }
}
