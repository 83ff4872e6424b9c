package org.cpet.spi.contract;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.KeyValuePrefix;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.tensor.Ops;

/**
 * One pre-norm transformer layer: h ← h + attention(LN h), h ← h + ffn(LN h).
 *
 * @param norms weight and bias of the norm before attention, then of the norm before the FFN
 */
record ToyLayer(Ops ops, AttentionSite attention, FeedForwardSite feedForward, List<ModelTensor> norms) {
    static final double EPSILON = 1e-5;

    /** @param bias additive attention bias [batch, 1, 1, tokens]; absent in a causal model */
    NDArray forward(NDArray hidden, Optional<NDArray> bias, ForwardMode mode) {
        NDArray attended = hidden.add(attend(norm(hidden, 0), bias, mode));
        return attended.add(feed(norm(attended, 2), mode));
    }

    /** Such as {@code toy.layer.0}. */
    String name() {
        return attention.name().substring(0, attention.name().lastIndexOf('.'));
    }

    void close() {
        norms.forEach(norm -> norm.value().close());
        linears().forEach(site -> {
            site.op().bias().forEach(NDArray::close);
            site.op().close();
        });
    }

    List<LinearSite> linears() {
        return Stream.of(
                        Stream.of(attention.query(), attention.key(), attention.value(), attention.output()),
                        feedForward.ins().stream(),
                        Stream.of(feedForward.out()))
                .flatMap(sites -> sites)
                .toList();
    }

    private NDArray attend(NDArray x, Optional<NDArray> bias, ForwardMode mode) {
        NDArray q = split(attention.query().forward(x, mode), attention.heads());
        NDArray k = split(attention.key().forward(x, mode), attention.groups());
        NDArray v = split(attention.value().forward(x, mode), attention.groups());
        double scale = 1 / Math.sqrt(attention.headDim());
        NDArray context = attention
                .prefix()
                .tokens()
                .map(prefix -> behind(prefix, q, k, v, bias))
                .or(() -> bias.map(b -> ops.attention(q, k, v, b, scale)))
                .orElseGet(() -> ops.causalAttention(q, k, v, scale))
                .transpose(0, 2, 1, 3);
        Shape heads = context.getShape();
        Shape joined = new Shape(heads.get(0), heads.get(1), heads.get(2) * heads.get(3));
        return attention.output().forward(context.reshape(joined), mode);
    }

    /** Attention that also sees the keys and values of virtual tokens. */
    private NDArray behind(KeyValuePrefix prefix, NDArray q, NDArray k, NDArray v, Optional<NDArray> bias) {
        NDManager manager = k.getManager();
        long tokens = k.getShape().get(2);
        NDArray ofTokens = bias.orElseGet(() -> future(manager, (int) tokens, k.getDataType()));
        Shape shape = ofTokens.getShape();
        NDArray visible = manager.zeros(
                new Shape(shape.get(0), shape.get(1), shape.get(2), prefix.length()), ofTokens.getDataType());
        return ops.attention(
                q,
                heads(prefix.keys(), k).concat(k, 2),
                heads(prefix.values(), v).concat(v, 2),
                visible.concat(ofTokens, 3),
                1 / Math.sqrt(attention.headDim()));
    }

    /** [virtual tokens, groups · d] as [batch, groups, virtual tokens, d]. */
    private NDArray heads(NDArray virtual, NDArray like) {
        long tokens = virtual.getShape().get(0);
        NDArray byHead = virtual.reshape(tokens, attention.groups(), attention.headDim())
                .transpose(1, 0, 2)
                .expandDims(0);
        Shape shape = like.getShape();
        return byHead.broadcast(new Shape(shape.get(0), shape.get(1), tokens, shape.get(3)));
    }

    private static NDArray future(NDManager manager, int tokens, DataType type) {
        float[] values = new float[tokens * tokens];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % tokens > i / tokens ? -1e9f : 0;
        }
        return manager.create(values, new Shape(1, 1, tokens, tokens)).toType(type, true);
    }

    private NDArray feed(NDArray x, ForwardMode mode) {
        return feedForward.forward(ops, x, units -> units, mode);
    }

    private NDArray norm(NDArray x, int index) {
        return ops.layerNorm(x, norms.get(index).value(), norms.get(index + 1).value(), EPSILON);
    }

    /** [batch, tokens, heads · d] to [batch, heads, tokens, d]. */
    private static NDArray split(NDArray x, int heads) {
        Shape shape = x.getShape();
        return x.reshape(shape.get(0), shape.get(1), heads, shape.get(2) / heads)
                .transpose(0, 2, 1, 3);
    }
}
