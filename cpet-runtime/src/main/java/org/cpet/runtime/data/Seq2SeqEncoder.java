package org.cpet.runtime.data;

import com.google.common.primitives.ImmutableLongArray;
import java.util.List;
import java.util.Set;
import org.cpet.runtime.text.SpecialTokens;
import org.cpet.runtime.text.TokenizedText;
import org.cpet.runtime.text.Tokenizer;
import org.cpet.spi.data.Example;

/** For encoder-decoder models: the prompt on one side, the answer and its end on the other. */
final class Seq2SeqEncoder implements ExampleEncoder {
    private final Tokenizer tokenizer;
    private final SpecialTokens special;
    private final TaskData data;
    private final int maxLength;

    Seq2SeqEncoder(Tokenizer tokenizer, SpecialTokens special, TaskData data, int maxLength) {
        this.tokenizer = tokenizer;
        this.special = special;
        this.data = data;
        this.maxLength = maxLength;
    }

    @Override
    public EncodedRow encode(Example example) {
        String prompt = data.meaning().fields().promptOf(example.texts());
        TokenizedText input = tokenizer.encode(List.of(prompt), maxLength);
        ImmutableLongArray answer =
                tokenizer.encodeBare(new Answers(data.labels()).of(example)).ids();
        int room = maxLength - (special.eos().isPresent() ? 1 : 0);
        int kept = Math.min(answer.length(), room);
        return new EncodedRow(
                input.ids(), input.typeIds(), ended(answer.subArray(0, kept)), input.cut() + answer.length() - kept);
    }

    @Override
    public ImmutableLongArray word(String word) {
        return ended(tokenizer.encodeBare(word).ids());
    }

    @Override
    public String text(ImmutableLongArray answer) {
        return tokenizer.decode(answer, true);
    }

    @Override
    public Set<Long> ends() {
        return special.ends();
    }

    private ImmutableLongArray ended(ImmutableLongArray answer) {
        ImmutableLongArray.Builder ids = ImmutableLongArray.builder().addAll(answer);
        special.eos().ifPresent(ids::add);
        return ids.build();
    }
}
