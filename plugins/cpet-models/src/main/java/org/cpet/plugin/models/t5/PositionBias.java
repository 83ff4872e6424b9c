package org.cpet.plugin.models.t5;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.cpet.plugin.models.Sight;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.tensor.Ops;

/**
 * The biases of one pass of a stack: a bucket's row of the table for each pair of positions, and the mask. Attentions
 * share one table but may have lost different heads, so each set of heads has its own bias, [1, heads, queries, keys]
 * or with the batch in front.
 */
final class PositionBias {
    private final Ops ops;
    private final NDManager manager;
    private final NDArray buckets;
    private final Shape pairs;
    private final Optional<NDArray> mask;
    private final Map<Key, Sight> sights = new HashMap<>();

    /** @param mask what is hidden, broadcasting to [batch, heads, queries, keys] */
    PositionBias(Ops ops, NDManager manager, long[] buckets, Shape pairs, Optional<NDArray> mask) {
        this.ops = ops;
        this.manager = manager;
        this.buckets = manager.create(buckets, pairs);
        this.pairs = pairs;
        this.mask = mask;
    }

    /** What the heads that {@code attention} has left see through the table [buckets, original heads]. */
    Sight of(AttentionSite attention, ModelTensor table) {
        List<Integer> heads = Arrays.stream(attention.keptHeads()).boxed().collect(Collectors.toList());
        return sights.computeIfAbsent(new Key(table, heads), this::bias);
    }

    private Sight bias(Key key) {
        NDArray table = key.table().value();
        NDArray rows = key.heads().size() == table.getShape().get(1) ? table : columns(table, key.heads());
        long heads = key.heads().size();
        // through one long row, so that keys lie next to each other: fused attention refuses any other order
        NDArray byHead = ops.embedding(buckets, rows).transpose(2, 0, 1).reshape(-1);
        NDArray bias = byHead.reshape(1, heads, pairs.get(0), pairs.get(1));
        return Sight.biased(mask.map(bias::add).orElse(bias));
    }

    private NDArray columns(NDArray table, List<Integer> heads) {
        NDArray ids =
                manager.create(heads.stream().mapToLong(Integer::longValue).toArray());
        return ops.embedding(ids, table.transpose()).transpose();
    }

    private record Key(ModelTensor table, List<Integer> heads) {}
}
