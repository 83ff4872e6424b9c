package org.cpet.runtime.data;

import com.google.common.primitives.ImmutableLongArray;
import java.util.Set;
import org.cpet.runtime.text.TokenizedText;
import org.cpet.runtime.text.Tokenizer;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.data.Example;

/** For a classification head: one or two texts as the tokenizer joins them, and the number of the class. */
final class ClassEncoder implements ExampleEncoder {
    private final Tokenizer tokenizer;
    private final ClassLabels labels;
    private final int maxLength;

    ClassEncoder(Tokenizer tokenizer, TaskData data, int maxLength) {
        this.tokenizer = tokenizer;
        this.labels = data.labels()
                .orElseThrow(() -> new CpetException(
                        ExitCode.RECIPE,
                        "data.fields; found {prompt, completion}; allowed {text, label} for task seq_cls"));
        this.maxLength = maxLength;
    }

    @Override
    public EncodedRow encode(Example example) {
        TokenizedText text = tokenizer.encode(example.texts(), maxLength);
        ImmutableLongArray label = ImmutableLongArray.of(labels.indexOf(example.label()));
        return new EncodedRow(text.ids(), text.typeIds(), label, text.cut());
    }

    @Override
    public ImmutableLongArray word(String word) {
        throw new CpetException(ExitCode.BUG, "a classification head answers with classes, not with words");
    }

    @Override
    public String text(ImmutableLongArray answer) {
        throw new CpetException(ExitCode.BUG, "a classification head answers with classes, not with words");
    }

    @Override
    public Set<Long> ends() {
        return Set.of();
    }
}
