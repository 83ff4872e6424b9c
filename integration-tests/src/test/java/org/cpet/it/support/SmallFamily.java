package org.cpet.it.support;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.cpet.spi.model.ModelRequest;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TokenBatch;

/** The smallest config of each family that has every kind of site, and one batch that a few steps can learn. */
public enum SmallFamily {
    BERT(ModelTask.SEQ_CLS, """
            {"architectures":["BertForSequenceClassification"],"model_type":"bert","hidden_size":16,
             "num_hidden_layers":2,"num_attention_heads":4,"intermediate_size":32,"vocab_size":20,
             "max_position_embeddings":16,"type_vocab_size":2,"hidden_act":"relu","layer_norm_eps":1e-12,
             "initializer_range":0.25,"pad_token_id":0,"hidden_dropout_prob":0.0,"attention_probs_dropout_prob":0.0}
            """),
    LLAMA(ModelTask.CAUSAL_LM, """
            {"architectures":["LlamaForCausalLM"],"model_type":"llama","hidden_size":16,"intermediate_size":32,
             "num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,"vocab_size":20,
             "hidden_act":"silu","initializer_range":0.25,"max_position_embeddings":16,"rms_norm_eps":1e-5,
             "rope_theta":10000.0,"tie_word_embeddings":false,"bos_token_id":1,"eos_token_id":2,"pad_token_id":0}
            """),
    T5(ModelTask.SEQ2SEQ_LM, """
            {"architectures":["T5ForConditionalGeneration"],"model_type":"t5","d_model":16,"d_ff":32,"d_kv":4,
             "num_layers":1,"num_decoder_layers":1,"num_heads":4,"vocab_size":20,"feed_forward_proj":"relu",
             "layer_norm_epsilon":1e-6,"dropout_rate":0.0,"relative_attention_num_buckets":8,
             "relative_attention_max_distance":16,"initializer_factor":1.0,"tie_word_embeddings":true,
             "decoder_start_token_id":0,"pad_token_id":0,"eos_token_id":1}
            """);

    private static final int ROWS = 4;
    private static final int TOKENS = 6;
    private static final int LABELS = 2;

    private final ModelTask task;
    private final String config;

    SmallFamily(ModelTask task, String config) {
        this.task = task;
        this.config = config;
    }

    /** Writes {@code config.json}; the weights are drawn. */
    public Path write(Path folder) {
        try {
            Files.writeString(Files.createDirectories(folder).resolve("config.json"), config);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it is opened for. */
    public ModelRequest request() {
        return new ModelRequest(task, task == ModelTask.SEQ_CLS ? LABELS : 0);
    }

    /** Rows of two words in turns, whose label is the first word's class, or the words themselves. */
    public TokenBatch batch(NDManager manager) {
        long[] ids = new long[ROWS * TOKENS];
        long[] classes = new long[ROWS];
        for (int row = 0; row < ROWS; row++) {
            classes[row] = row % LABELS;
            for (int token = 0; token < TOKENS; token++) {
                ids[row * TOKENS + token] = 3 + 2 * (row % 2) + token % 2;
            }
        }
        Shape shape = new Shape(ROWS, TOKENS);
        NDArray words = manager.create(ids, shape);
        TokenBatch batch = TokenBatch.of(words, manager.create(ones(), shape));
        return switch (task) {
            case SEQ_CLS -> batch.withLabels(manager.create(classes, new Shape(ROWS)));
            case SEQ2SEQ_LM -> batch.withDecoderInput(words).withLabels(words);
            case CAUSAL_LM, ENCODER -> batch.withLabels(words);
        };
    }

    private static long[] ones() {
        long[] mask = new long[ROWS * TOKENS];
        Arrays.fill(mask, 1);
        return mask;
    }
}
