package org.cpet.plugin.models.llama;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import org.cpet.plugin.models.Dropout;
import org.cpet.plugin.models.FeedForward;
import org.cpet.plugin.models.Heads;
import org.cpet.plugin.models.KeyValues;
import org.cpet.plugin.models.Memory;
import org.cpet.plugin.models.ModelSites;
import org.cpet.plugin.models.RmsNorm;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.tensor.Ops;

/** h ← h + attention(norm(h)); h ← h + FFN(norm(h)). */
final class LlamaLayer {
    private final Ops ops;
    private final RmsNorm attentionNorm;
    private final AttentionSite attention;
    private final RmsNorm feedForwardNorm;
    private final FeedForward feedForward;
    private final Dropout weightDropout;

    LlamaLayer(ModelSites sites, LlamaConfig config, String name) {
        this.ops = sites.ops();
        this.attentionNorm = RmsNorm.of(sites, name + ".input_layernorm", config.epsilon());
        this.attention = sites.attention(name + ".self_attn");
        this.feedForwardNorm = RmsNorm.of(sites, name + ".post_attention_layernorm", config.epsilon());
        this.weightDropout = new Dropout(ops, config.weightDropout());
        this.feedForward = new FeedForward(ops, sites.feedForward(name + ".mlp"));
    }

    /** @param past keys and values of earlier positions, to which these are appended */
    NDArray apply(NDArray hidden, Rotary.Turn turn, LlamaPass pass, Optional<KeyValues> past, ForwardMode mode) {
        NDArray middle = ops.tidy(() -> {
            NDArray h = ops.joint(hidden);
            return h.add(attend(ops.joint(attentionNorm.apply(h)), turn, pass, past, mode));
        });
        return ops.tidy(() -> {
            NDArray h = ops.joint(middle);
            return h.add(feedForward.apply(ops.joint(feedForwardNorm.apply(h)), mode));
        });
    }

    private NDArray attend(NDArray x, Rotary.Turn turn, LlamaPass pass, Optional<KeyValues> past, ForwardMode mode) {
        int width = attention.headDim();
        NDArray q = Heads.split(attention.query().forward(x, mode), attention.heads(), width);
        NDArray k = Heads.split(attention.key().forward(x, mode), attention.groups(), width);
        NDArray v = Heads.split(attention.value().forward(x, mode), attention.groups(), width);
        NDArray turned = ops.rotary(k, turn.cos(), turn.sin());
        Memory memory = Memory.of(attention, pass.prefix(), turned, v, past);
        NDArray context = pass.sight()
                .attend(
                        ops,
                        ops.rotary(q, turn.cos(), turn.sin()),
                        memory.keys(),
                        memory.values(),
                        1 / Math.sqrt(width),
                        weightDropout.rate(mode));
        return attention.output().forward(attention.output().shared(ops, Heads.merge(context)), mode);
    }
}
