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
 * The soft prompts of one pass: so many columns before those of the tokens. A row with fewer virtual tokens than another
 * has them on the right of these columns; what it lacks on their left is padding.
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

    private boolean even() {
        return shares.stream().allMatch(share -> share.length() == count);
    }

    /** Embeddings [rows, columns + tokens, hidden] from those of the tokens. */
    public NDArray before(NDArray embedded) {
        if (count == 0) {
            return embedded;
        }
        List<NDArray> parts = new ArrayList<>();
        for (RowShare<SoftPrompt> share : shares) {
            parts.add(padded(share, embedded));
        }
        return parts.stream()
                .reduce((above, below) -> above.concat(below, 0))
                .orElseThrow()
                .concat(embedded, 1);
    }

    private NDArray padded(RowShare<SoftPrompt> share, NDArray like) {
        long hidden = like.getShape().get(2);
        Shape all = new Shape(share.rows(), count, hidden);
        if (share.length() == 0) {
            return like.getManager().zeros(all, like.getDataType());
        }
        NDArray own = embeddings(share.tokens().orElseThrow(), like.getDataType());
        int missing = count - share.length();
        NDArray whole = missing == 0
                ? own
                : like.getManager()
                        .zeros(new Shape(1, missing, hidden), like.getDataType())
                        .concat(own, 1);
        return share.rows() == 1 ? whole : whole.broadcast(all);
    }

    private NDArray embeddings(SoftPrompt prompt, DataType type) {
        return ops.cast(prompt.embeddings(), type).expandDims(0);
    }

    /** The batch with a mask [rows, columns + tokens]; the ids stay as they are. */
    public TokenBatch before(TokenBatch batch) {
        if (count == 0) {
            return batch;
        }
        int[] lengths = lengths();
        long[] mask = new long[lengths.length * count];
        for (int row = 0; row < lengths.length; row++) {
            Arrays.fill(mask, (row + 1) * count - lengths[row], (row + 1) * count, 1);
        }
        NDArray front = batch.attentionMask().getManager().create(mask, new Shape(lengths.length, count));
        return new TokenBatch(
                batch.inputIds(),
                front.concat(batch.attentionMask(), 1),
                batch.tokenTypeIds(),
                batch.decoderInputIds(),
                batch.labels(),
                batch.padded() || !even());
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
        return rows.stream().reduce((above, below) -> above.concat(below, 0)).orElseThrow();
    }

    private static NDArray part(NDArray x, long from, long to) {
        return x.get(new NDIndex().addAllDim().addSliceDim(from, to));
    }

    /** The vector of each row's first position, virtual or not: [rows, hidden] of [rows, columns + tokens, hidden]. */
    public NDArray first(NDArray hidden) {
        if (even()) {
            return hidden.get(new NDIndex().addAllDim().addIndices(0));
        }
        List<NDArray> parts = new ArrayList<>();
        int row = 0;
        for (RowShare<SoftPrompt> share : shares) {
            NDIndex at =
                    new NDIndex().addSliceDim(row, (long) row + share.rows()).addIndices(count - share.length());
            parts.add(hidden.get(at));
            row += share.rows();
        }
        return parts.stream().reduce((above, below) -> above.concat(below, 0)).orElseThrow();
    }

    /** Hidden states without the virtual positions. */
    public NDArray behind(NDArray hidden) {
        return count == 0 ? hidden : part(hidden, count, hidden.getShape().get(1));
    }

    /** The same for several. */
    public List<NDArray> behind(List<NDArray> hidden) {
        return count == 0 ? hidden : hidden.stream().map(this::behind).toList();
    }
}
