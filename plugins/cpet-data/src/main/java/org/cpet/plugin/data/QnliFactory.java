package org.cpet.plugin.data;

import java.util.List;
import org.cpet.spi.data.TaskFields;
import org.cpet.spi.data.TaskFields.LabelWord;

/** {@code glue/qnli}: does the sentence hold the answer to the question? */
public final class QnliFactory implements GlueTask {
    @Override
    public String name() {
        return "glue/qnli";
    }

    @Override
    public String description() {
        return "QNLI: whether a sentence answers a question, entailment or not_entailment";
    }

    @Override
    public TaskFields fields() {
        return new TaskFields(
                "tsv",
                List.of("question", "sentence"),
                "label",
                List.of(new LabelWord("entailment", "entailment"), new LabelWord("not_entailment", "not_entailment")),
                "qnli question: {0} sentence: {1}");
    }
}
