package org.cpet.plugin.models.bert;

import java.util.List;
import org.cpet.plugin.models.LayoutBuilder;
import org.cpet.spi.model.AttentionSpec;
import org.cpet.spi.model.FeedForwardSpec;
import org.cpet.spi.model.LinearRole;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTask;

/** The tensors and sites of a BERT-type model under Hugging Face's names. */
final class BertLayout {
    static final String POOLER = "pooler.dense";
    static final String BERT_CLASSIFIER = "classifier";
    static final String ROBERTA_DENSE = "classifier.dense";
    static final String ROBERTA_OUT = "classifier.out_proj";

    private final BertConfig config;
    private final BertVariant variant;
    private final LayoutBuilder layout = new LayoutBuilder();

    private BertLayout(BertConfig config, BertVariant variant) {
        this.config = config;
        this.variant = variant;
    }

    static ModelLayout of(BertConfig config, BertVariant variant, ModelTask task) {
        return new BertLayout(config, variant).build(task);
    }

    private ModelLayout build(ModelTask task) {
        String prefix = variant.prefix();
        embeddings(prefix + "embeddings.");
        for (int i = 0; i < config.layers(); i++) {
            layer(prefix + "encoder.layer." + i);
        }
        head(task);
        layout.buffer("(" + variant.modelType() + "\\.)?embeddings\\.(position_ids|token_type_ids)");
        // heads of pretraining, which neither a classifier nor a bare encoder needs
        layout.buffer(variant == BertVariant.BERT ? "cls\\.(predictions|seq_relationship)\\..*" : "lm_head\\..*");
        return layout.build(variant.modelType(), task, config.hidden(), config.vocabulary(), prefix);
    }

    private void embeddings(String name) {
        double deviation = config.initializerRange();
        layout.table(name + "word_embeddings.weight", config.vocabulary(), config.hidden(), deviation)
                .table(name + "position_embeddings.weight", config.positions(), config.hidden(), deviation)
                .table(name + "token_type_embeddings.weight", config.tokenTypes(), config.hidden(), deviation)
                .layerNorm(name + "LayerNorm", config.hidden());
    }

    private void layer(String name) {
        String self = name + ".attention.self";
        String output = name + ".attention.output";
        linear(self + ".query", LinearRole.QUERY, config.inner(), config.hidden());
        linear(self + ".key", LinearRole.KEY, config.inner(), config.hidden());
        linear(self + ".value", LinearRole.VALUE, config.inner(), config.hidden());
        linear(output + ".dense", LinearRole.OUTPUT, config.hidden(), config.inner());
        layout.layerNorm(output + ".LayerNorm", config.hidden());
        linear(name + ".intermediate.dense", LinearRole.FFN_IN, config.units(), config.hidden());
        linear(name + ".output.dense", LinearRole.FFN_OUT, config.hidden(), config.units());
        layout.layerNorm(name + ".output.LayerNorm", config.hidden());
        layout.attention(new AttentionSpec(
                self,
                self + ".query",
                self + ".key",
                self + ".value",
                output + ".dense",
                config.heads(),
                1,
                config.headSize()));
        layout.feedForward(new FeedForwardSpec(
                name,
                List.of(name + ".intermediate.dense"),
                name + ".output.dense",
                config.units(),
                config.activation()));
    }

    private void head(ModelTask task) {
        boolean classifies = task == ModelTask.SEQ_CLS;
        if (!classifies || variant == BertVariant.BERT) {
            optional(variant.prefix() + POOLER, LinearRole.POOLER, config.hidden());
        } else {
            layout.buffer("(roberta\\.)?pooler\\.dense\\.(weight|bias)");
        }
        if (!classifies) {
            layout.buffer("classifier\\..*");
        } else if (variant == BertVariant.BERT) {
            optional(BERT_CLASSIFIER, LinearRole.CLASSIFIER, config.labels());
        } else {
            optional(ROBERTA_DENSE, LinearRole.CLASSIFIER, config.hidden());
            optional(ROBERTA_OUT, LinearRole.CLASSIFIER, config.labels());
        }
    }

    private void linear(String name, LinearRole role, int out, int in) {
        layout.linear(name, role, out, in, true, config.initializerRange());
    }

    private void optional(String name, LinearRole role, int out) {
        layout.optionalLinear(name, role, out, config.hidden(), config.initializerRange());
    }
}
