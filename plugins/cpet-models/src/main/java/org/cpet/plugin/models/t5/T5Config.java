package org.cpet.plugin.models.t5;

import static org.cpet.plugin.models.ConfigChecks.positive;
import static org.cpet.plugin.models.ConfigChecks.probability;

import org.cpet.plugin.models.ConfigChecks;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.tensor.Activation;

/**
 * The sizes of a T5 model.
 *
 * @param headDim {@code d_kv}; heads · d_kv need not be d_model
 * @param buckets of the relative positions, half of them for either direction in the encoder
 * @param farthest distance from which all positions share the last bucket
 * @param gated whether the FFN multiplies σ(wi_0 x) with wi_1 x
 * @param tied whether the output head is the embedding table
 * @param scaled whether decoder outputs are multiplied with d_model^−½ in front of the head
 * @param bucketsPerBlock whether every block has a table of its own, as after heads were removed block by block
 * @param dropout of hidden states, neurons and attention weights while training
 * @param startId what decoding starts from
 */
record T5Config(
        int vocabulary,
        int hidden,
        int headDim,
        int heads,
        int units,
        int encoderLayers,
        int decoderLayers,
        int buckets,
        int farthest,
        boolean gated,
        Activation activation,
        boolean tied,
        boolean scaled,
        boolean bucketsPerBlock,
        double epsilon,
        double dropout,
        double initializerFactor,
        int startId,
        int padId) {
    /** Our own key: stock configs have one table per stack. */
    static final String PER_BLOCK = "relative_attention_bias_per_block";

    private static final String BUCKETS = "relative_attention_num_buckets";
    private static final String FARTHEST = "relative_attention_max_distance";

    static T5Config read(ModelConfig config) {
        String projection = config.text("feed_forward_proj", "relu");
        boolean gated = projection.startsWith("gated-");
        // what v1.1 calls gated-gelu is the tanh approximation
        String act = projection.equals("gated-gelu") ? "gelu_new" : projection.substring(gated ? "gated-".length() : 0);
        boolean tied = config.flag("tie_word_embeddings", true);
        int layers = positive(config, "num_layers");
        int padId = config.integer("pad_token_id", 0);
        return new T5Config(
                positive(config, "vocab_size"),
                positive(config, "d_model"),
                positive(config, "d_kv"),
                positive(config, "num_heads"),
                positive(config, "d_ff"),
                layers,
                positive(config, "num_decoder_layers", layers),
                buckets(config),
                farthest(config, buckets(config)),
                gated,
                ConfigChecks.activation(config, "feed_forward_proj", projection, act),
                tied,
                config.flag("scale_decoder_outputs", tied),
                config.flag(PER_BLOCK, false),
                config.number("layer_norm_epsilon", 1e-6),
                probability(config, "dropout_rate", 0.1),
                config.number("initializer_factor", 1),
                config.integer("decoder_start_token_id", padId),
                padId);
    }

    int inner() {
        return heads * headDim;
    }

    private static int buckets(ModelConfig config) {
        int buckets = positive(config, BUCKETS, 32);
        if (buckets < 4) {
            throw config.problem("'" + BUCKETS + "'; found " + buckets + "; allowed whole numbers from 4");
        }
        return buckets;
    }

    private static int farthest(ModelConfig config, int buckets) {
        int farthest = positive(config, FARTHEST, 128);
        if (farthest <= buckets / 2) {
            throw config.problem("'" + FARTHEST + "'; found " + farthest + "; allowed whole numbers above half of "
                    + BUCKETS + " (" + buckets + ")");
        }
        return farthest;
    }
}
