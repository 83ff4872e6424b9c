package org.cpet.runtime.data;

import com.google.common.primitives.ImmutableLongArray;
import org.cpet.spi.model.TokenBatch;

/**
 * An example as token ids.
 *
 * @param inputIds what the model reads; for causal models the answer too
 * @param typeIds segments, as long as the input
 * @param labels the class alone; or one for each input token of a causal model, −100 on the prompt; or the ids of the
 *     answer of a sequence-to-sequence model
 * @param cut tokens of the example that did not fit
 */
public record EncodedRow(ImmutableLongArray inputIds, ImmutableLongArray typeIds, ImmutableLongArray labels, int cut) {
    /** Input tokens. */
    public int length() {
        return inputIds.length();
    }

    /** Input tokens before the first one that a label counts: the prompt of a causal model. */
    public int promptLength() {
        int first = 0;
        while (first < labels.length() && labels.get(first) == TokenBatch.IGNORED) {
            first++;
        }
        return first;
    }

    /** The same prompt with another answer. */
    public EncodedRow answering(ImmutableLongArray answer) {
        boolean causal = labels.length() == inputIds.length() && promptLength() > 0;
        if (!causal) {
            return new EncodedRow(inputIds, typeIds, answer, cut);
        }
        int prompt = promptLength();
        ImmutableLongArray ids = ImmutableLongArray.builder()
                .addAll(inputIds.subArray(0, prompt))
                .addAll(answer)
                .build();
        ImmutableLongArray own = ImmutableLongArray.builder()
                .addAll(labels.subArray(0, prompt))
                .addAll(answer)
                .build();
        return new EncodedRow(ids, ImmutableLongArray.copyOf(new long[ids.length()]), own, cut);
    }

    /** What a model reads before it answers. */
    public ImmutableLongArray prompt() {
        return promptLength() > 0 ? inputIds.subArray(0, promptLength()) : inputIds;
    }

    /** The labels that count. */
    public ImmutableLongArray answer() {
        return labels.subArray(promptLength(), labels.length());
    }

    /** How many labels a loss counts. */
    public long counted() {
        return labels.stream().filter(label -> label != TokenBatch.IGNORED).count();
    }
}
