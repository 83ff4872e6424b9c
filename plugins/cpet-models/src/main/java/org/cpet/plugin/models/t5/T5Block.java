package org.cpet.plugin.models.t5;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import org.cpet.plugin.models.Dropout;
import org.cpet.plugin.models.FeedForward;
import org.cpet.plugin.models.ModelSites;
import org.cpet.plugin.models.RmsNorm;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.tensor.Ops;

/** Self-attention, cross-attention in a decoder, FFN; each reads a norm of h and adds to h. */
final class T5Block {
    private final Ops ops;
    private final String name;
    private final T5Attention self;
    private final ModelTensor buckets;
    private final Optional<T5Attention> cross;
    private final RmsNorm norm;
    private final FeedForward feedForward;
    private final Dropout dropout;

    T5Block(ModelSites sites, T5Config config, boolean decoder, int index) {
        this.ops = sites.ops();
        String block = T5Layout.block(decoder, index);
        this.name = block;
        String tableOwner = T5Layout.block(decoder, config.bucketsPerBlock() ? index : 0);
        String ffn = block + T5Layout.feedForward(decoder);
        this.self = new T5Attention(sites, config, block + T5Layout.SELF);
        this.buckets = sites.tensor(tableOwner + T5Layout.SELF + T5Layout.BUCKETS);
        this.cross = decoder ? Optional.of(new T5Attention(sites, config, block + T5Layout.CROSS)) : Optional.empty();
        this.norm = RmsNorm.of(sites, T5Layout.norm(ffn), config.epsilon());
        this.dropout = new Dropout(ops, config.dropout());
        this.feedForward = new FeedForward(ops, sites.feedForward(ffn), dropout);
    }

    String name() {
        return name;
    }

    T5Attention self() {
        return self;
    }

    /** Cross-attention, in a decoder. */
    Optional<T5Attention> cross() {
        return cross;
    }

    /** The table of relative positions that self-attention reads. */
    ModelTensor buckets() {
        return buckets;
    }

    NDArray apply(NDArray hidden, T5Context context, int index, ForwardMode mode) {
        NDArray state = self.self(
                hidden, context.positions().of(self.site(), buckets), context.prefix(), context.selfPast(index), mode);
        if (cross.isPresent()) {
            T5Context.Encoder encoder = context.encoder().orElseThrow();
            state = cross.get().cross(state, encoder, encoder.past(index), mode);
        }
        return feed(state, mode);
    }

    private NDArray feed(NDArray state, ForwardMode mode) {
        return ops.tidy(() -> {
            NDArray h = ops.joint(state);
            return h.add(dropout.apply(feedForward.apply(ops.joint(norm.apply(h)), mode), mode));
        });
    }
}
