package org.cpet.runtime.data;

import com.google.common.primitives.ImmutableLongArray;
import java.util.List;
import java.util.Set;
import org.cpet.runtime.text.SpecialTokens;
import org.cpet.runtime.text.Tokenizer;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.data.Example;
import org.cpet.spi.model.ModelTask;

/** Tokenizes examples for one task. */
public interface ExampleEncoder {
    /** Ids and labels of an example. */
    EncodedRow encode(Example example);

    /** The ids that answer with this class's word, the end of the answer included. */
    ImmutableLongArray word(String word);

    /** Ids that a model answered with as text, special tokens left out. */
    String text(ImmutableLongArray answer);

    /** The id that ends an answer, where there is one. */
    Set<Long> ends();

    /**
     * The encoder of a task.
     *
     * @param maxLength tokens of the input; for causal models the answer counts too
     */
    static ExampleEncoder of(ModelTask task, Tokenizer tokenizer, SpecialTokens special, TaskData data, int maxLength) {
        return switch (task) {
            case SEQ_CLS -> new ClassEncoder(tokenizer, data, maxLength);
            case CAUSAL_LM -> new CausalEncoder(tokenizer, special, data, maxLength);
            case SEQ2SEQ_LM -> new Seq2SeqEncoder(tokenizer, special, data, maxLength);
            case ENCODER -> throw new CpetException(ExitCode.BUG, "an encoder without a head learns no task");
        };
    }

    /** Encodes all, in order. */
    default List<EncodedRow> encode(List<Example> examples) {
        return examples.stream().map(this::encode).toList();
    }
}
