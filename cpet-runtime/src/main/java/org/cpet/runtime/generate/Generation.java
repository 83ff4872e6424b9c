package org.cpet.runtime.generate;

import ai.djl.ndarray.NDArray;
import com.google.common.primitives.ImmutableLongArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.cpet.spi.Options;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.GenerativeModel;
import org.cpet.spi.model.GenerativeModel.Decoding;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.tensor.Ops;

/**
 * Continues a batch of prompts, one token per row and step, until every row has met a stop id or has all its tokens.
 *
 * @param stopIds end a row; the stop id itself is not part of the result
 */
public record Generation(TokenChoice choice, int maxNewTokens, Set<Long> stopIds) {
    public Generation {
        Options.check(maxNewTokens >= 1, "max new tokens must be at least 1, was %s", maxNewTokens);
        stopIds = Set.copyOf(stopIds);
    }

    /** The new tokens of each row, without the prompt. */
    public List<ImmutableLongArray> run(
            GenerativeModel model, Ops ops, TokenBatch prompts, ForwardMode mode, RandomGenerator random) {
        List<Row> rows = new ArrayList<>();
        for (long row = 0; row < prompts.inputIds().getShape().get(0); row++) {
            rows.add(new Row());
        }
        Ops.Scope scope = ops.scope();
        try (scope;
                Decoding decoding = model.decode(prompts, mode)) {
            for (int step = 0; step < maxNewTokens; step++) {
                choose(rows, decoding.logits().toFloatArray(), random);
                if (step + 1 == maxNewTokens || rows.stream().allMatch(Row::ended)) {
                    break;
                }
                append(rows, prompts, ops, decoding);
            }
        }
        return rows.stream().map(Row::tokens).toList();
    }

    private void choose(List<Row> rows, float[] logits, RandomGenerator random) {
        int vocabulary = logits.length / rows.size();
        float[] own = new float[vocabulary];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(logits, i * vocabulary, own, 0, vocabulary);
            rows.get(i).add(choice.next(own, random), stopIds);
        }
    }

    private static void append(List<Row> rows, TokenBatch prompts, Ops ops, Decoding decoding) {
        Ops.Scope step = ops.scope();
        try (step) {
            long[] last = rows.stream().mapToLong(Row::last).toArray();
            NDArray tokens = prompts.inputIds().getManager().create(last);
            decoding.append(tokens);
        }
    }

    /** What a row has produced; an ended row goes on unseen, as the batch keeps its shape. */
    private static final class Row {
        private final ImmutableLongArray.Builder tokens = ImmutableLongArray.builder();
        private boolean ended;
        private long last;

        void add(long token, Set<Long> stopIds) {
            last = token;
            ended |= stopIds.contains(token);
            if (!ended) {
                tokens.add(token);
            }
        }

        boolean ended() {
            return ended;
        }

        long last() {
            return last;
        }

        ImmutableLongArray tokens() {
            return tokens.build();
        }
    }
}
