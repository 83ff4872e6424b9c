package org.cpet.plugin.models.llama;

import java.util.List;
import org.cpet.plugin.models.LayoutBuilder;
import org.cpet.spi.model.AttentionKind;
import org.cpet.spi.model.AttentionSpec;
import org.cpet.spi.model.FeedForwardSpec;
import org.cpet.spi.model.LinearRole;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTask;

/** The tensors and sites of a LLaMA-type model under Hugging Face's names. */
final class LlamaLayout {
    static final String EMBEDDING = "model.embed_tokens.weight";
    static final String NORM = "model.norm";
    static final String HEAD = "lm_head";

    private final LlamaConfig config;
    private final LayoutBuilder layout = new LayoutBuilder();

    private LlamaLayout(LlamaConfig config) {
        this.config = config;
    }

    static ModelLayout of(LlamaConfig config) {
        return new LlamaLayout(config).build();
    }

    static String layer(int index) {
        return "model.layers." + index;
    }

    private ModelLayout build() {
        double deviation = config.initializerRange();
        layout.table(EMBEDDING, config.vocabulary(), config.hidden(), deviation);
        for (int i = 0; i < config.layers(); i++) {
            attention(layer(i));
            feedForward(layer(i));
        }
        layout.rmsNorm(NORM, config.hidden());
        if (config.tied()) {
            layout.tiedHead(HEAD, config.vocabulary(), config.hidden(), EMBEDDING);
        } else {
            layout.linear(HEAD, LinearRole.HEAD, config.vocabulary(), config.hidden(), false, deviation);
        }
        layout.buffer("(model\\.)?(layers\\.\\d+\\.self_attn\\.)?rotary_emb\\.inv_freq");
        return layout.build("llama", ModelTask.CAUSAL_LM, config.hidden(), config.vocabulary(), "model.");
    }

    private void attention(String layer) {
        String name = layer + ".self_attn";
        int queries = config.heads() * config.headDim();
        int keys = config.groups() * config.headDim();
        layout.rmsNorm(layer + ".input_layernorm", config.hidden());
        linear(name + ".q_proj", LinearRole.QUERY, queries, config.hidden(), config.attentionBias());
        linear(name + ".k_proj", LinearRole.KEY, keys, config.hidden(), config.attentionBias());
        linear(name + ".v_proj", LinearRole.VALUE, keys, config.hidden(), config.attentionBias());
        linear(name + ".o_proj", LinearRole.OUTPUT, config.hidden(), queries, config.attentionBias());
        layout.attention(new AttentionSpec(
                name,
                name + ".q_proj",
                name + ".k_proj",
                name + ".v_proj",
                name + ".o_proj",
                config.groups(),
                config.heads() / config.groups(),
                config.headDim(),
                AttentionKind.DECODER));
    }

    private void feedForward(String layer) {
        String name = layer + ".mlp";
        layout.rmsNorm(layer + ".post_attention_layernorm", config.hidden());
        linear(name + ".gate_proj", LinearRole.FFN_GATE, config.units(), config.hidden(), config.ffnBias());
        linear(name + ".up_proj", LinearRole.FFN_IN, config.units(), config.hidden(), config.ffnBias());
        linear(name + ".down_proj", LinearRole.FFN_OUT, config.hidden(), config.units(), config.ffnBias());
        layout.feedForward(new FeedForwardSpec(
                name,
                List.of(name + ".gate_proj", name + ".up_proj"),
                name + ".down_proj",
                config.units(),
                config.activation()));
    }

    private void linear(String name, LinearRole role, int out, int in, boolean bias) {
        layout.linear(name, role, out, in, bias, config.initializerRange());
    }
}
