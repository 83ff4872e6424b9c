package org.cpet.plugin.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.KeyValuePrefix;
import org.cpet.spi.model.RowShare;
import org.cpet.spi.tensor.Ops;

/**
 * The prefixes of the attentions of a stack in one pass: so many columns before the keys of the tokens. A row with fewer
 * virtual tokens than another has them on the right of these columns; what it lacks on their left is hidden.
 */
public final class PrefixColumns {
    private final Ops ops;
    private final NDManager manager;
    private final int[] lengths;
    private final int count;
    private final UnaryOperator<NDArray> turn;

    private PrefixColumns(Ops ops, NDManager manager, int[] lengths, UnaryOperator<NDArray> turn) {
        this.ops = ops;
        this.manager = manager;
        this.lengths = lengths;
        this.count = Arrays.stream(lengths).max().orElse(0);
        this.turn = turn;
    }

    /**
     * Those of a batch of {@code rows}.
     *
     * @param manager makes the tensors of the pass
     */
    public static PrefixColumns of(Ops ops, NDManager manager, List<AttentionSite> sites, int rows) {
        int[] lengths = sites.isEmpty() ? new int[rows] : lengths(sites.get(0), rows);
        for (AttentionSite site : sites) {
            if (!Arrays.equals(lengths, lengths(site, rows))) {
                throw new IllegalStateException(sites.get(0).name() + " and " + site.name()
                        + " of one stack have prefixes of different lengths");
            }
        }
        return new PrefixColumns(ops, manager, lengths, keys -> keys);
    }

    private static int[] lengths(AttentionSite site, int rows) {
        return site.prefix().of(rows).stream()
                .flatMapToInt(share -> Arrays.stream(new int[share.rows()]).map(row -> share.length()))
                .toArray();
    }

    /** The same with keys [rows, groups, columns, d] turned to where the rows' positions begin. */
    public PrefixColumns turned(UnaryOperator<NDArray> keys) {
        return new PrefixColumns(ops, manager, lengths, keys);
    }

    /** Columns. */
    public int count() {
        return count;
    }

    /** Virtual tokens of each row. */
    public int[] lengths() {
        return lengths.clone();
    }

    /** Keys of an attention's prefix, [rows, groups, columns, d], in the type of others. */
    NDArray keys(AttentionSite site, DataType type) {
        return ops.cast(turn.apply(heads(site, KeyValuePrefix::keys)), type);
    }

    /** The same for values. */
    NDArray values(AttentionSite site, DataType type) {
        return ops.cast(heads(site, KeyValuePrefix::values), type);
    }

    private NDArray heads(AttentionSite site, Function<KeyValuePrefix, NDArray> part) {
        List<RowShare<KeyValuePrefix>> shares = site.prefix().of(lengths.length);
        return shares.stream()
                .map(share -> heads(site, share, part))
                .reduce((above, below) -> above.concat(below, 0))
                .orElseThrow();
    }

    private NDArray heads(AttentionSite site, RowShare<KeyValuePrefix> share, Function<KeyValuePrefix, NDArray> part) {
        Shape all = new Shape(share.rows(), site.groups(), count, site.headDim());
        int missing = count - share.length();
        if (share.length() == 0) {
            return manager.zeros(all);
        }
        NDArray own = part.apply(share.tokens().orElseThrow())
                .reshape(share.length(), site.groups(), site.headDim())
                .transpose(1, 0, 2)
                .expandDims(0);
        NDArray padded = missing == 0
                ? own
                : manager.zeros(new Shape(1, site.groups(), missing, site.headDim()), own.getDataType())
                        .concat(own, 2);
        return share.rows() == 1 ? padded : padded.broadcast(all);
    }

    /**
     * A bias over keys with these columns in front of it; empty where nothing is hidden.
     *
     * @param bias over the keys of the tokens, [.., .., .., keys]; {@code keys} says how many where it is absent
     */
    public Optional<NDArray> before(Optional<NDArray> bias, int keys) {
        Optional<NDArray> hiding = hiding();
        if (count == 0 || (bias.isEmpty() && hiding.isEmpty())) {
            return bias;
        }
        NDArray front = hiding.orElseGet(() -> manager.zeros(new Shape(1, 1, 1, count)));
        NDArray rest = bias.orElseGet(() -> manager.zeros(new Shape(1, 1, 1, keys)));
        Shape one = front.getShape();
        Shape other = rest.getShape();
        long rows = Math.max(one.get(0), other.get(0));
        NDArray left = front.broadcast(new Shape(rows, other.get(1), other.get(2), count));
        NDArray right = rest.broadcast(new Shape(rows, other.get(1), other.get(2), other.get(3)));
        return Optional.of(left.concat(right, 3));
    }

    /** What queries see of these columns and of the keys behind them. */
    public Sight before(Sight sight, int queries, int keys) {
        return count == 0
                ? sight
                : before(sight.bias(manager, queries, keys), keys)
                        .map(Sight::biased)
                        .orElse(Sight.all());
    }

    /** Hides what rows lack, [rows, 1, 1, columns]; absent where all have the same. */
    private Optional<NDArray> hiding() {
        if (Arrays.stream(lengths).allMatch(length -> length == count)) {
            return Optional.empty();
        }
        float[] values = new float[lengths.length * count];
        for (int row = 0; row < lengths.length; row++) {
            Arrays.fill(values, row * count, (row + 1) * count - lengths[row], Masks.HIDDEN);
        }
        return Optional.of(manager.create(values, new Shape(lengths.length, 1, 1, count)));
    }
}
