package org.cpet.runtime.text;

import ai.djl.huggingface.tokenizers.Encoding;
import com.google.common.primitives.ImmutableLongArray;
import java.util.ArrayList;
import java.util.List;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/**
 * Cuts an encoding to a length as the tokenizers library does by the strategy {@code longest_first}: special tokens
 * stay, the longer text loses its end first, and two long texts share the room, the second one getting an odd token.
 * Doing it here keeps the native tokenizer free of state, and tells how much was lost.
 */
final class Truncation {
    private Truncation() {}

    /** The whole encoding. */
    static TokenizedText none(Encoding whole) {
        return new TokenizedText(
                ImmutableLongArray.copyOf(whole.getIds()),
                ImmutableLongArray.copyOf(whole.getTypeIds()),
                List.of(whole.getTokens()),
                0);
    }

    /** At most {@code maxLength} tokens of it. */
    static TokenizedText to(int maxLength, Encoding whole) {
        long[] ids = whole.getIds();
        if (ids.length <= maxLength) {
            return none(whole);
        }
        int[] lengths = new int[2];
        for (int i = 0; i < ids.length; i++) {
            if (!isSpecial(whole, i)) {
                lengths[text(whole, i)]++;
            }
        }
        int special = ids.length - lengths[0] - lengths[1];
        if (maxLength < special) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    "max_length; found " + maxLength + "; allowed at least " + special
                            + ", the special tokens that this tokenizer adds");
        }
        return keep(whole, room(lengths[0], lengths[1], maxLength - special), ids.length - maxLength);
    }

    /** Tokens left of texts with {@code first} and {@code second} tokens, which together are more than {@code room}. */
    static int[] room(int first, int second, int room) {
        boolean swapped = first > second;
        int shorter = swapped ? second : first;
        int longer = shorter > room ? shorter : Math.max(shorter, room - shorter);
        if (shorter + longer > room) {
            shorter = room / 2;
            longer = shorter + room % 2;
        }
        return swapped ? new int[] {longer, shorter} : new int[] {shorter, longer};
    }

    private static TokenizedText keep(Encoding whole, int[] room, int cut) {
        ImmutableLongArray.Builder ids = ImmutableLongArray.builder();
        ImmutableLongArray.Builder types = ImmutableLongArray.builder();
        List<String> tokens = new ArrayList<>();
        int[] taken = new int[2];
        for (int i = 0; i < whole.getIds().length; i++) {
            if (isSpecial(whole, i) || taken[text(whole, i)]++ < room[text(whole, i)]) {
                ids.add(whole.getIds()[i]);
                types.add(whole.getTypeIds()[i]);
                tokens.add(whole.getTokens()[i]);
            }
        }
        return new TokenizedText(ids.build(), types.build(), tokens, cut);
    }

    private static boolean isSpecial(Encoding whole, int position) {
        return whole.getSpecialTokenMask()[position] == 1;
    }

    private static int text(Encoding whole, int position) {
        return whole.getSequenceIds()[position] == 1 ? 1 : 0;
    }
}
