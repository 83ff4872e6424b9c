package org.cpet.plugin.models.llama;

import static org.cpet.plugin.models.ConfigChecks.positive;
import static org.cpet.plugin.models.ConfigChecks.probability;

import org.cpet.plugin.models.ConfigChecks;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.tensor.Activation;

/**
 * The sizes of a LLaMA-type model.
 *
 * @param groups key/value heads
 * @param weightDropout of attention weights while training
 * @param tied whether the output head is the embedding table
 */
record LlamaConfig(
        int vocabulary,
        int hidden,
        int layers,
        int heads,
        int groups,
        int headDim,
        int units,
        boolean attentionBias,
        boolean ffnBias,
        boolean tied,
        Activation activation,
        double epsilon,
        RotarySettings rotary,
        double weightDropout,
        double initializerRange) {
    private static final String MISTRAL = "mistral";

    static LlamaConfig read(ModelConfig config) {
        int hidden = positive(config, "hidden_size");
        int heads = positive(config, "num_attention_heads");
        boolean mistral = config.text("model_type", "").equals(MISTRAL);
        if (mistral) {
            checkWindow(config);
        }
        if (config.number("partial_rotary_factor", 1) != 1) {
            throw config.problem(
                    "'partial_rotary_factor'; found " + config.number("partial_rotary_factor", 1) + "; allowed 1");
        }
        String act = config.text("hidden_act", "silu");
        return new LlamaConfig(
                positive(config, "vocab_size"),
                hidden,
                positive(config, "num_hidden_layers"),
                heads,
                groups(config, heads, mistral ? 8 : heads),
                headDim(config, hidden, heads),
                positive(config, "intermediate_size"),
                config.flag("attention_bias", false),
                config.flag("mlp_bias", false),
                config.flag("tie_word_embeddings", false),
                ConfigChecks.activation(config, "hidden_act", act, act),
                config.number("rms_norm_eps", 1e-6),
                RotarySettings.read(config),
                probability(config, "attention_dropout", 0),
                config.number("initializer_range", 0.02));
    }

    private static int groups(ModelConfig config, int heads, int fallback) {
        int groups = positive(config, "num_key_value_heads", fallback);
        if (heads % groups != 0) {
            throw config.problem("'num_key_value_heads'; found " + groups
                    + "; allowed divisors of num_attention_heads (" + heads + ")");
        }
        return groups;
    }

    private static int headDim(ModelConfig config, int hidden, int heads) {
        if (!config.has("head_dim") && hidden % heads != 0) {
            throw config.problem("'hidden_size'; found " + hidden + "; allowed a multiple of num_attention_heads ("
                    + heads + ") unless head_dim is given");
        }
        int headDim = positive(config, "head_dim", hidden / heads);
        if (headDim % 2 != 0) {
            throw config.problem("'head_dim'; found " + headDim + "; allowed even numbers, whose halves are rotated");
        }
        return headDim;
    }

    /** A window shorter than the longest row would hide keys, which no attention here does; absent means 4096. */
    private static void checkWindow(ModelConfig config) {
        boolean none = config.values().containsKey("sliding_window") && !config.has("sliding_window");
        int window = config.integer("sliding_window", 4096);
        int longest = positive(config, "max_position_embeddings");
        if (!none && window < longest) {
            throw config.problem("'sliding_window'; found " + window
                    + "; allowed null, or at least max_position_embeddings (" + longest + ")");
        }
    }
}
