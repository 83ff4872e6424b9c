package org.cpet.plugin.models.bert;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import org.cpet.plugin.models.Dropout;
import org.cpet.plugin.models.FeedForward;
import org.cpet.plugin.models.Heads;
import org.cpet.plugin.models.LayerNorm;
import org.cpet.plugin.models.Memory;
import org.cpet.plugin.models.ModelSites;
import org.cpet.plugin.models.PrefixColumns;
import org.cpet.plugin.models.Sight;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.tensor.Ops;

/** h ← LN(h + attention(h)); h ← LN(h + FFN(h)). */
final class BertLayer {
    private final Ops ops;
    private final AttentionSite attention;
    private final LayerNorm attentionNorm;
    private final FeedForward feedForward;
    private final LayerNorm outputNorm;
    private final Dropout dropout;
    private final Dropout weightDropout;

    BertLayer(ModelSites sites, BertConfig config, String name) {
        this.ops = sites.ops();
        this.attention = sites.attention(name + ".attention.self");
        this.attentionNorm = LayerNorm.of(sites, name + ".attention.output.LayerNorm", config.epsilon());
        this.feedForward = new FeedForward(ops, sites.feedForward(name));
        this.outputNorm = LayerNorm.of(sites, name + ".output.LayerNorm", config.epsilon());
        this.dropout = new Dropout(ops, config.dropout());
        this.weightDropout = new Dropout(ops, config.weightDropout());
    }

    /** h [batch, tokens, hidden] to the same. */
    NDArray apply(NDArray hidden, Sight sight, PrefixColumns prefix, ForwardMode mode) {
        NDArray middle = ops.tidy(() -> {
            NDArray h = ops.joint(hidden);
            return attentionNorm.apply(
                    dropout.apply(attend(h, sight, prefix, mode), mode).add(h));
        });
        return ops.tidy(() -> {
            NDArray h = ops.joint(middle);
            return outputNorm.apply(
                    dropout.apply(feedForward.apply(h, mode), mode).add(h));
        });
    }

    private NDArray attend(NDArray hidden, Sight sight, PrefixColumns prefix, ForwardMode mode) {
        int heads = attention.heads();
        int width = attention.headDim();
        NDArray q = Heads.split(attention.query().forward(hidden, mode), heads, width);
        NDArray k = Heads.split(attention.key().forward(hidden, mode), heads, width);
        NDArray v = Heads.split(attention.value().forward(hidden, mode), heads, width);
        Memory memory = Memory.of(attention, prefix, k, v, Optional.empty());
        NDArray context =
                sight.attend(ops, q, memory.keys(), memory.values(), 1 / Math.sqrt(width), weightDropout.rate(mode));
        return attention.output().forward(attention.output().shared(ops, Heads.merge(context)), mode);
    }
}
