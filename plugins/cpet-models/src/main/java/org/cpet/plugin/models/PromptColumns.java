package org.cpet.plugin.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.cpet.spi.model.EmbeddingSite;
import org.cpet.spi.model.RowShare;
import org.cpet.spi.model.SoftPrompt;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.tensor.Ops;

/**
 * The soft prompts of one pass: a row is its virtual tokens, its tokens, and padding where another row has more virtual
 * tokens.
 */
public final class PromptColumns {
    private final Ops ops;
    private final List<RowShare<SoftPrompt>> shares;
    private final int count;

    private PromptColumns(Ops ops, List<RowShare<SoftPrompt>> shares) {
        this.ops = ops;
        this.shares = shares;
        this.count = shares.stream().mapToInt(RowShare::length).max().orElse(0);
    }

    /** Those of a batch of {@code rows}. */
    public static PromptColumns of(Ops ops, EmbeddingSite site, int rows) {
        return new PromptColumns(ops, site.prompt().of(rows));
    }

    /** Columns. */
    public int count() {
        return count;
    }

    /** Virtual tokens of each row. */
    public int[] lengths() {
        return shares.stream()
                .flatMapToInt(share -> Arrays.stream(new int[share.rows()]).map(row -> share.length()))
                .toArray();
    }

    /** Embeddings [rows, columns + tokens, hidden] from those of the tokens. */
    public NDArray before(NDArray embedded) {
        if (count == 0) {
            return embedded;
        }
        List<NDArray> parts = new ArrayList<>();
        int from = 0;
        for (RowShare<SoftPrompt> share : shares) {
            NDArray own = rows(embedded, from, share);
            Optional<NDArray> prompt = share.tokens().map(tokens -> repeated(tokens, own));
            parts.add(padded(prompt.map(front -> front.concat(own, 1)).orElse(own), share));
            from += share.rows();
        }
        return joined(parts);
    }

    private NDArray repeated(SoftPrompt prompt, NDArray like) {
        NDArray one = embeddings(prompt, like.getDataType());
        long rows = like.getShape().get(0);
        Shape all = new Shape(rows, prompt.length(), like.getShape().get(2));
        return rows == 1 ? one : one.broadcast(all);
    }

    private NDArray embeddings(SoftPrompt prompt, DataType type) {
        return ops.cast(prompt.embeddings(), type).expandDims(0);
    }

    /** The rows of a share, with zeros on the right as wide as the others. */
    private NDArray padded(NDArray own, RowShare<SoftPrompt> share) {
        int missing = count - share.length();
        if (missing == 0) {
            return own;
        }
        long[] shape = own.getShape().getShape().clone();
        shape[1] = missing;
        return own.concat(own.getManager().zeros(new Shape(shape), own.getDataType()), 1);
    }

    private static NDArray rows(NDArray x, int from, RowShare<SoftPrompt> share) {
        return x.getShape().get(0) == share.rows()
                ? x
                : x.get(new NDIndex().addSliceDim(from, (long) from + share.rows()));
    }

    private static NDArray joined(List<NDArray> parts) {
        return parts.stream().reduce((above, below) -> above.concat(below, 0)).orElseThrow();
    }

    /** Ids or marks of the tokens, int64 [rows, tokens], with {@code virtual} for each virtual token and 0 for padding. */
    public NDArray around(NDArray tokens, int virtual) {
        if (count == 0) {
            return tokens;
        }
        List<NDArray> parts = new ArrayList<>();
        int from = 0;
        for (RowShare<SoftPrompt> share : shares) {
            NDArray own = rows(tokens, from, share);
            NDArray front = own.getManager()
                    .full(new Shape(share.rows(), Math.max(1, share.length())), virtual, DataType.INT64);
            parts.add(padded(share.length() == 0 ? own : front.concat(own, 1), share));
            from += share.rows();
        }
        return joined(parts);
    }

    /** The batch with a mask [rows, columns + tokens]; the ids stay as they are. */
    public TokenBatch before(TokenBatch batch) {
        if (count == 0) {
            return batch;
        }
        boolean even = shares.stream().allMatch(share -> share.length() == count);
        return new TokenBatch(
                batch.inputIds(),
                around(batch.attentionMask(), 1),
                batch.tokenTypeIds(),
                batch.decoderInputIds(),
                batch.labels(),
                batch.padded() || !even);
    }

    /**
     * Left-padded embeddings [rows, tokens, hidden] with each row's prompt right before its first real token, padding in
     * front of both.
     *
     * @param missing padding of each row
     */
    public NDArray insideOf(NDArray embedded, int[] missing) {
        int[] lengths = lengths();
        long tokens = embedded.getShape().get(1);
        List<NDArray> rows = new ArrayList<>();
        int row = 0;
        for (RowShare<SoftPrompt> share : shares) {
            for (int end = row + share.rows(); row < end; row++) {
                NDArray own = embedded.get(new NDIndex().addSliceDim(row, row + 1L));
                NDArray padding = part(own, 0, missing[row]);
                if (lengths[row] < count) {
                    padding = padding.concat(
                            own.getManager()
                                    .zeros(
                                            new Shape(
                                                    1,
                                                    count - lengths[row],
                                                    own.getShape().get(2)),
                                            own.getDataType()),
                            1);
                }
                Optional<NDArray> prompt = share.tokens().map(tokensOf -> embeddings(tokensOf, own.getDataType()));
                NDArray front = prompt.isPresent() ? padding.concat(prompt.get(), 1) : padding;
                rows.add(front.concat(part(own, missing[row], tokens), 1));
            }
        }
        return joined(rows);
    }

    private static NDArray part(NDArray x, long from, long to) {
        return x.get(new NDIndex().addAllDim().addSliceDim(from, to));
    }

    /** Hidden states [rows, tokens, hidden] without the virtual positions. */
    public NDArray behind(NDArray hidden) {
        if (count == 0) {
            return hidden;
        }
        long tokens = hidden.getShape().get(1) - count;
        List<NDArray> parts = new ArrayList<>();
        int from = 0;
        for (RowShare<SoftPrompt> share : shares) {
            parts.add(part(rows(hidden, from, share), share.length(), share.length() + tokens));
            from += share.rows();
        }
        return joined(parts);
    }

    /** The same for several. */
    public List<NDArray> behind(List<NDArray> hidden) {
        return count == 0 ? hidden : hidden.stream().map(this::behind).toList();
    }
}
