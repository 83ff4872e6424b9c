package org.cpet.runtime.data;

import com.google.common.primitives.ImmutableLongArray;
import java.util.Set;
import java.util.stream.LongStream;
import org.cpet.runtime.text.SpecialTokens;
import org.cpet.runtime.text.Tokenizer;
import org.cpet.spi.data.Example;
import org.cpet.spi.model.TokenBatch;

/**
 * For causal models: the prompt, then the answer and its end, labels on the answer alone. The word of a class follows
 * the prompt after one space; a completion follows as the file writes it. What is too long loses the beginning of its
 * prompt, the start token kept, because its end is what the answer hangs on.
 */
final class CausalEncoder implements ExampleEncoder {
    private static final String PROBE = "a";

    private final Tokenizer tokenizer;
    private final SpecialTokens special;
    private final TaskData data;
    private final int maxLength;
    private final ImmutableLongArray start;

    CausalEncoder(Tokenizer tokenizer, SpecialTokens special, TaskData data, int maxLength) {
        this.tokenizer = tokenizer;
        this.special = special;
        this.data = data;
        this.maxLength = maxLength;
        this.start = withoutEnd(tokenizer.encode("").ids());
    }

    @Override
    public EncodedRow encode(Example example) {
        String prompt = data.meaning().fields().promptOf(example.texts());
        String answer = new Answers(data.labels()).of(example);
        if (data.labels().isPresent()) {
            return joined(tokenizer.encodeBare(prompt.stripTrailing()).ids(), word(answer));
        }
        ImmutableLongArray alone = tokenizer.encodeBare(prompt).ids();
        ImmutableLongArray whole = tokenizer.encodeBare(prompt + answer).ids();
        int shared = shared(alone, whole);
        return joined(whole.subArray(0, shared), ended(whole.subArray(shared, whole.length())));
    }

    @Override
    public ImmutableLongArray word(String word) {
        ImmutableLongArray whole = tokenizer.encodeBare(PROBE + " " + word).ids();
        return ended(whole.subArray(shared(tokenizer.encodeBare(PROBE).ids(), whole), whole.length()));
    }

    @Override
    public String text(ImmutableLongArray answer) {
        return tokenizer.decode(answer, true);
    }

    @Override
    public Set<Long> ends() {
        return special.ends();
    }

    private EncodedRow joined(ImmutableLongArray prompt, ImmutableLongArray answer) {
        int answerKept = Math.min(answer.length(), Math.max(1, maxLength - start.length() - 1));
        int promptKept = Math.max(0, Math.min(prompt.length(), maxLength - start.length() - answerKept));
        ImmutableLongArray input = ImmutableLongArray.builder()
                .addAll(start)
                .addAll(prompt.subArray(prompt.length() - promptKept, prompt.length()))
                .addAll(answer.subArray(0, answerKept))
                .build();
        ImmutableLongArray labels = ImmutableLongArray.builder()
                .addAll(LongStream.generate(() -> TokenBatch.IGNORED).limit(input.length() - (long) answerKept))
                .addAll(answer.subArray(0, answerKept))
                .build();
        ImmutableLongArray types = ImmutableLongArray.copyOf(new long[input.length()]);
        int cut = prompt.length() - promptKept + answer.length() - answerKept;
        return new EncodedRow(input, types, labels, cut);
    }

    private ImmutableLongArray ended(ImmutableLongArray answer) {
        ImmutableLongArray.Builder ids = ImmutableLongArray.builder().addAll(answer);
        special.eos().ifPresent(ids::add);
        return ids.build();
    }

    /** A tokenizer that ends every text would end the prompt before its answer. */
    private ImmutableLongArray withoutEnd(ImmutableLongArray ids) {
        boolean ends = !ids.isEmpty()
                && special.eos().isPresent()
                && ids.get(ids.length() - 1) == special.eos().getAsInt();
        return ends ? ids.subArray(0, ids.length() - 1) : ids;
    }

    private static int shared(ImmutableLongArray a, ImmutableLongArray b) {
        int length = 0;
        while (length < Math.min(a.length(), b.length()) && a.get(length) == b.get(length)) {
            length++;
        }
        return length;
    }
}
