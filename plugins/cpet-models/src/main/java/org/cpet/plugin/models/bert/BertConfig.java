package org.cpet.plugin.models.bert;

import static org.cpet.plugin.models.ConfigChecks.positive;
import static org.cpet.plugin.models.ConfigChecks.probability;

import org.cpet.plugin.models.ConfigChecks;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelRequest;
import org.cpet.spi.tensor.Activation;

/**
 * The sizes of a BERT-type model.
 *
 * @param headSize width of a head; {@code attention_head_size} where heads were removed, else hidden / heads
 * @param positions rows of the position table
 * @param dropout of hidden states while training
 * @param weightDropout of attention weights while training
 * @param classifierDropout in front of the classifier
 */
record BertConfig(
        int vocabulary,
        int hidden,
        int layers,
        int heads,
        int headSize,
        int units,
        int positions,
        int tokenTypes,
        int padId,
        int labels,
        Activation activation,
        double epsilon,
        double dropout,
        double weightDropout,
        double classifierDropout,
        double initializerRange) {
    static BertConfig read(ModelConfig config, ModelRequest request, BertVariant variant) {
        String kind = config.text("position_embedding_type", "absolute");
        if (!kind.equals("absolute")) {
            throw config.problem("'position_embedding_type'; found " + kind + "; allowed absolute");
        }
        if (config.flag("is_decoder", false)) {
            throw config.problem("'is_decoder'; found true; allowed false");
        }
        int hidden = positive(config, "hidden_size");
        int heads = positive(config, "num_attention_heads");
        String act = config.text("hidden_act", "gelu");
        double dropout = probability(config, "hidden_dropout_prob", 0.1);
        return new BertConfig(
                positive(config, "vocab_size", variant.defaultVocabulary()),
                hidden,
                positive(config, "num_hidden_layers"),
                heads,
                headSize(config, hidden, heads),
                positive(config, "intermediate_size"),
                positive(config, "max_position_embeddings", 512),
                positive(config, "type_vocab_size", variant.defaultTokenTypes()),
                config.integer("pad_token_id", variant.defaultPadId()),
                labels(config, request),
                ConfigChecks.activation(config, "hidden_act", act, act),
                config.number("layer_norm_eps", variant.defaultEpsilon()),
                dropout,
                probability(config, "attention_probs_dropout_prob", 0.1),
                probability(config, "classifier_dropout", dropout),
                config.number("initializer_range", 0.02));
    }

    /** Width of all heads together, which is not the hidden size once heads were removed. */
    int inner() {
        return heads * headSize;
    }

    private static int headSize(ModelConfig config, int hidden, int heads) {
        if (config.has("attention_head_size")) {
            return positive(config, "attention_head_size");
        }
        if (hidden % heads != 0) {
            throw config.problem("'hidden_size'; found " + hidden + "; allowed a multiple of num_attention_heads ("
                    + heads + ") unless attention_head_size is given");
        }
        return hidden / heads;
    }

    private static int labels(ModelConfig config, ModelRequest request) {
        if (request.labels() > 0) {
            return request.labels();
        }
        int named = config.object("id2label").map(map -> map.values().size()).orElse(2);
        return positive(config, "num_labels", Math.max(1, named));
    }
}
