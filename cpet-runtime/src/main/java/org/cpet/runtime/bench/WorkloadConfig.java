package org.cpet.runtime.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cpet.spi.InputException;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelRequest;
import org.cpet.spi.model.ModelTask;

/** The {@code config.json} that a model of a workload's shape would have. */
final class WorkloadConfig {
    private WorkloadConfig() {}

    static ModelConfig of(String name, Workload shape, double dropout) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("model_type", shape.family());
        values.put("vocab_size", shape.vocab());
        switch (shape.family()) {
            case "bert" -> bert(values, shape, dropout);
            case "t5" -> t5(values, shape, dropout);
            case "llama" -> llama(values, shape, dropout);
            default ->
                throw new InputException(
                        "workload " + name + ": family; found " + shape.family() + "; allowed bert, t5, llama");
        }
        return new ModelConfig(Path.of("workload " + name), values);
    }

    static ModelRequest request(Workload shape) {
        return switch (shape.family()) {
            case "bert" -> new ModelRequest(ModelTask.SEQ_CLS, shape.labels());
            case "t5" -> new ModelRequest(ModelTask.SEQ2SEQ_LM, 0);
            default -> new ModelRequest(ModelTask.CAUSAL_LM, 0);
        };
    }

    private static void bert(Map<String, Object> values, Workload shape, double dropout) {
        values.put("hidden_size", shape.hidden());
        values.put("num_hidden_layers", shape.layers());
        values.put("num_attention_heads", shape.heads());
        values.put("attention_head_size", shape.headWidth());
        values.put("intermediate_size", shape.ffn());
        values.put("max_position_embeddings", 512);
        values.put("hidden_dropout_prob", dropout);
        values.put("attention_probs_dropout_prob", dropout);
    }

    private static void t5(Map<String, Object> values, Workload shape, double dropout) {
        values.put("d_model", shape.hidden());
        values.put("d_kv", shape.headWidth());
        values.put("d_ff", shape.ffn());
        values.put("num_layers", shape.layers());
        values.put("num_decoder_layers", shape.layers());
        values.put("num_heads", shape.heads());
        values.put("dropout_rate", dropout);
        values.put("feed_forward_proj", "relu");
        values.put("decoder_start_token_id", 0);
        values.put("pad_token_id", 0);
        values.put("tie_word_embeddings", true);
    }

    private static void llama(Map<String, Object> values, Workload shape, double dropout) {
        values.put("hidden_size", shape.hidden());
        values.put("intermediate_size", shape.ffn());
        values.put("num_hidden_layers", shape.layers());
        values.put("num_attention_heads", shape.heads());
        values.put("num_key_value_heads", shape.heads());
        values.put("head_dim", shape.headWidth());
        values.put("max_position_embeddings", 2048);
        values.put("attention_dropout", dropout);
        values.put("tie_word_embeddings", false);
    }
}
