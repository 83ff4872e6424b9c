package org.cpet.runtime.data;

import com.google.common.primitives.ImmutableLongArray;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.cpet.runtime.text.SpecialTokens;
import org.cpet.runtime.text.Tokenizer;
import org.cpet.spi.InputException;
import org.cpet.spi.model.ModelTask;

/**
 * A text without a task as rows of one length. The passages, a line each, are read one after the other, and their tokens
 * cut wherever a row is full; the last row is short. A decoder beside an encoder goes on where a row's first half ends.
 */
public final class PlainText {
    private final SpecialTokens special;
    private final Tokenizer tokenizer;
    private final ModelTask task;
    private final int maxLength;
    private final ImmutableLongArray around;

    /** @param maxLength tokens of a row, special ones included */
    public PlainText(Tokenizer tokenizer, SpecialTokens special, ModelTask task, int maxLength) {
        this.tokenizer = tokenizer;
        this.special = special;
        this.task = task;
        this.maxLength = maxLength;
        this.around = tokenizer.encode("").ids();
    }

    /**
     * The rows of a file, in its order.
     *
     * @throws InputException when it is not UTF-8 or holds too little to cut a row from
     */
    public List<EncodedRow> rows(Path file) {
        ImmutableLongArray.Builder tokens = ImmutableLongArray.builder();
        try (Stream<String> lines = Files.lines(file)) {
            lines.filter(line -> !line.isBlank())
                    .forEach(line -> tokens.addAll(tokenizer.encodeBare(line).ids()));
        } catch (IOException e) {
            throw unreadable(file, e);
        } catch (UncheckedIOException e) {
            IOException cause = e.getCause();
            throw unreadable(file, cause == null ? new IOException(e) : cause);
        }
        List<EncodedRow> rows = rows(tokens.build());
        if (rows.isEmpty()) {
            throw new InputException(file + ": no text to read; found fewer than 2 tokens; allowed a passage a line");
        }
        return rows;
    }

    private static InputException unreadable(Path file, IOException e) {
        return e instanceof CharacterCodingException
                ? new InputException(file + ": not UTF-8; allowed a text file in UTF-8", e)
                : new InputException(file + ": cannot be read: " + e.getMessage(), e);
    }

    private List<EncodedRow> rows(ImmutableLongArray tokens) {
        int room = Math.max(2, maxLength - around.length());
        List<EncodedRow> rows = new ArrayList<>();
        for (int start = 0; start + 1 < tokens.length(); start += room) {
            ImmutableLongArray piece = tokens.subArray(start, Math.min(start + room, tokens.length()));
            if (piece.length() > 1) { // one token alone has no next one
                rows.add(row(piece));
            }
        }
        return rows;
    }

    private EncodedRow row(ImmutableLongArray piece) {
        return switch (task) {
            case CAUSAL_LM -> {
                ImmutableLongArray input = wrapped(piece);
                yield new EncodedRow(input, zeros(input.length()), input, 0);
            }
            case SEQ2SEQ_LM -> {
                int half = piece.length() / 2;
                ImmutableLongArray input = wrapped(piece.subArray(0, half));
                ImmutableLongArray.Builder target =
                        ImmutableLongArray.builder().addAll(piece.subArray(half, piece.length()));
                special.eos().ifPresent(target::add);
                yield new EncodedRow(input, zeros(input.length()), target.build(), 0);
            }
            default -> {
                ImmutableLongArray input = wrapped(piece);
                // every row needs a class, which nothing looks at
                yield new EncodedRow(input, zeros(input.length()), ImmutableLongArray.of(0), 0);
            }
        };
    }

    /** With the special tokens that the tokenizer puts around a text; an end alone stands behind it. */
    private ImmutableLongArray wrapped(ImmutableLongArray piece) {
        boolean endAlone = around.length() == 1
                && special.eos().isPresent()
                && around.get(0) == special.eos().getAsInt();
        int before = endAlone ? 0 : (around.length() + 1) / 2;
        return ImmutableLongArray.builder()
                .addAll(around.subArray(0, before))
                .addAll(piece)
                .addAll(around.subArray(before, around.length()))
                .build();
    }

    private static ImmutableLongArray zeros(int length) {
        return ImmutableLongArray.copyOf(new long[length]);
    }
}
