package org.cpet.plugin.models.t5;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.cpet.plugin.models.LayoutBuilder;
import org.cpet.spi.model.AttentionKind;
import org.cpet.spi.model.AttentionSpec;
import org.cpet.spi.model.FeedForwardSpec;
import org.cpet.spi.model.LinearRole;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTask;

/** The tensors and sites of a T5 model under Hugging Face's names. */
final class T5Layout {
    static final String EMBEDDING = "shared.weight";
    static final String HEAD = "lm_head";
    static final String SELF = ".layer.0.SelfAttention";
    static final String CROSS = ".layer.1.EncDecAttention";
    static final String BUCKETS = ".relative_attention_bias.weight";

    private final T5Config config;
    private final LayoutBuilder layout = new LayoutBuilder();

    private T5Layout(T5Config config) {
        this.config = config;
    }

    static ModelLayout of(T5Config config) {
        return new T5Layout(config).build();
    }

    /** The layout where each table of relative positions has as many columns as the attention it lies in has heads. */
    static ModelLayout withOwnTables(ModelLayout layout) {
        Map<String, Integer> heads = layout.attentions().stream()
                .collect(Collectors.toMap(block -> block.name() + BUCKETS, AttentionSpec::groups));
        return layout.withTensors(layout.tensors().stream()
                .map(tensor -> heads.containsKey(tensor.name())
                        ? tensor.shaped(tensor.shape().get(0), heads.get(tensor.name()))
                        : tensor)
                .toList());
    }

    static String block(boolean decoder, int index) {
        return (decoder ? "decoder" : "encoder") + ".block." + index;
    }

    /** Index of the FFN in a block, whose sub-layers are numbered. */
    static String feedForward(boolean decoder) {
        return ".layer." + (decoder ? 2 : 1) + ".DenseReluDense";
    }

    private ModelLayout build() {
        layout.table(EMBEDDING, config.vocabulary(), config.hidden(), config.initializerFactor());
        stack(false, config.encoderLayers());
        stack(true, config.decoderLayers());
        if (config.tied()) {
            layout.tiedHead(HEAD, config.vocabulary(), config.hidden(), EMBEDDING);
        } else {
            linear(HEAD, LinearRole.HEAD, config.vocabulary(), config.hidden(), 1);
        }
        layout.alias("encoder.embed_tokens.weight", EMBEDDING).alias("decoder.embed_tokens.weight", EMBEDDING);
        // the first conversions of T5 carry a table that cross-attention never used
        layout.buffer("decoder\\.block\\.0\\.layer\\.1\\.EncDecAttention\\.relative_attention_bias\\.weight");
        return layout.build("t5", ModelTask.SEQ2SEQ_LM, config.hidden(), config.vocabulary(), "transformer.");
    }

    private void stack(boolean decoder, int layers) {
        for (int i = 0; i < layers; i++) {
            String block = block(decoder, i);
            attention(block, SELF, decoder ? AttentionKind.DECODER : AttentionKind.ENCODER);
            if (i == 0 || config.bucketsPerBlock()) {
                layout.table(
                        block + SELF + BUCKETS,
                        config.buckets(),
                        config.heads(),
                        config.initializerFactor() / Math.sqrt(config.hidden()));
            }
            if (decoder) {
                attention(block, CROSS, AttentionKind.CROSS);
            }
            feedForward(block, decoder);
        }
        layout.rmsNorm((decoder ? "decoder" : "encoder") + ".final_layer_norm", config.hidden());
    }

    private void attention(String block, String sub, AttentionKind kind) {
        String name = block + sub;
        int inner = config.inner();
        int hidden = config.hidden();
        layout.rmsNorm(norm(name), hidden);
        linear(name + ".q", LinearRole.QUERY, inner, hidden, 1 / Math.sqrt((double) hidden * config.headDim()));
        linear(name + ".k", LinearRole.KEY, inner, hidden, 1 / Math.sqrt(hidden));
        linear(name + ".v", LinearRole.VALUE, inner, hidden, 1 / Math.sqrt(hidden));
        linear(name + ".o", LinearRole.OUTPUT, hidden, inner, 1 / Math.sqrt(inner));
        layout.attention(new AttentionSpec(
                name, name + ".q", name + ".k", name + ".v", name + ".o", config.heads(), 1, config.headDim(), kind));
    }

    private void feedForward(String block, boolean decoder) {
        String name = block + feedForward(decoder);
        int units = config.units();
        int hidden = config.hidden();
        layout.rmsNorm(norm(name), hidden);
        List<String> ins = config.gated() ? List.of(name + ".wi_0", name + ".wi_1") : List.of(name + ".wi");
        if (config.gated()) {
            linear(ins.get(0), LinearRole.FFN_GATE, units, hidden, 1 / Math.sqrt(hidden));
        }
        linear(ins.get(ins.size() - 1), LinearRole.FFN_IN, units, hidden, 1 / Math.sqrt(hidden));
        linear(name + ".wo", LinearRole.FFN_OUT, hidden, units, 1 / Math.sqrt(units));
        layout.feedForward(new FeedForwardSpec(name, ins, name + ".wo", units, config.activation()));
    }

    /** The norm in front of a sub-layer: a sibling of the module. */
    static String norm(String module) {
        return module.substring(0, module.lastIndexOf('.')) + ".layer_norm";
    }

    private void linear(String name, LinearRole role, int out, int in, double deviation) {
        layout.linear(name, role, out, in, false, deviation * config.initializerFactor());
    }
}
