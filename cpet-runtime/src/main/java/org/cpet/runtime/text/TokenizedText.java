package org.cpet.runtime.text;

import com.google.common.primitives.ImmutableLongArray;
import java.util.List;

/**
 * A text, or a pair, as a model reads it.
 *
 * @param ids of the tokens, special ones included
 * @param typeIds segment of each token: 0 for the first text, 1 for the second where the tokenizer tells them apart
 * @param tokens as the vocabulary writes them
 * @param cut how many tokens did not fit
 */
public record TokenizedText(ImmutableLongArray ids, ImmutableLongArray typeIds, List<String> tokens, int cut) {
    public TokenizedText {
        tokens = List.copyOf(tokens);
    }

    /** How many tokens. */
    public int length() {
        return ids.length();
    }
}
