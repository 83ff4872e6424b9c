package org.cpet.it.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A small encoder with a word-level tokenizer and separable rows, written from a seed: enough to run every stage. */
public final class TinyModel {
    private static final String[] GOOD = {"good", "fine", "great", "lovely", "bright"};
    private static final String[] BAD = {"bad", "poor", "awful", "dull", "grim"};
    private static final String[] PLAIN = {"film", "plot", "scene", "cast", "story", "tale", "music", "voice"};

    private TinyModel() {}

    /** Writes {@code model/config.json} and {@code model/tokenizer.json}; recipes start it with {@code init: random}. */
    public static void write(Path folder) throws IOException {
        Path model = Files.createDirectories(folder.resolve("model"));
        StringBuilder vocabulary = new StringBuilder("\"[PAD]\":0,\"[UNK]\":1,\"[CLS]\":2,\"[SEP]\":3");
        int next = 4;
        for (String[] words : new String[][] {GOOD, BAD, PLAIN}) {
            for (String word : words) {
                vocabulary.append(",\"").append(word).append("\":").append(next++);
            }
        }
        Files.writeString(model.resolve("config.json"), """
                {"architectures":["BertForSequenceClassification"],"model_type":"bert","hidden_size":16,
                 "num_hidden_layers":2,"num_attention_heads":4,"intermediate_size":32,"vocab_size":%d,
                 "max_position_embeddings":32,"type_vocab_size":2,"hidden_act":"gelu","layer_norm_eps":1e-12,
                 "initializer_range":0.2,"pad_token_id":0,"hidden_dropout_prob":0.0,"attention_probs_dropout_prob":0.0}
                """.formatted(next));
        Files.writeString(model.resolve("tokenizer.json"), """
                {"version":"1.0","truncation":null,"padding":null,"added_tokens":[
                 {"id":0,"content":"[PAD]","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
                 {"id":1,"content":"[UNK]","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
                 {"id":2,"content":"[CLS]","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
                 {"id":3,"content":"[SEP]","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],
                 "normalizer":null,"pre_tokenizer":{"type":"WhitespaceSplit"},
                 "post_processor":{"type":"TemplateProcessing",
                  "single":[{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"[SEP]","type_id":0}}],
                  "pair":[{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"[SEP]","type_id":0}},{"Sequence":{"id":"B","type_id":1}},{"SpecialToken":{"id":"[SEP]","type_id":1}}],
                  "special_tokens":{"[CLS]":{"id":"[CLS]","ids":[2],"tokens":["[CLS]"]},"[SEP]":{"id":"[SEP]","ids":[3],"tokens":["[SEP]"]}}},
                 "decoder":null,"model":{"type":"WordLevel","vocab":{%s},"unk_token":"[UNK]"}}
                """.formatted(vocabulary));
        rows(folder.resolve("train.jsonl"), 160, 1);
        rows(folder.resolve("test.jsonl"), 64, 2);
    }

    /** A recipe with every section, as short as it can be. */
    public static String recipe() {
        return """
                name: tiny
                seed: 3
                model: {path: model, task: seq_cls, init: random, device: cpu}
                data: {dataset: jsonl, train: train.jsonl, test: test.jsonl, fields: {text: text, label: label}, max_length: 12}
                pet: {type: lora, r: 4, lora_alpha: 8, lora_dropout: 0.1, target_modules: [query, value]}
                teacher:
                  training: {learning_rate: 1.0e-2, epochs: 2, batch_size: 16, logging_steps: 2}
                compression:
                  - structured_pruning: {heads: 0.5, ffn: 0.5}
                  - unstructured_pruning: {pattern: "2:4"}
                  - int8: {}
                inheritance: {}
                recovery: {type: bottleneck, r: 4, lora_alpha: 8}
                distillation: {type: last_hidden_mse, alpha: 1.0}
                training: {learning_rate: 1.0e-2, epochs: 2, batch_size: 16, logging_steps: 2, save_steps: 3}
                """;
    }

    private static void rows(Path file, int count, long seed) throws IOException {
        Random random = new Random(seed);
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < count; i++) {
            boolean good = i % 2 == 0;
            StringBuilder text = new StringBuilder(PLAIN[random.nextInt(PLAIN.length)]);
            for (int word = 0; word < 2 + random.nextInt(4); word++) {
                String[] from = word == 1 ? (good ? GOOD : BAD) : PLAIN;
                text.append(' ').append(from[random.nextInt(from.length)]);
            }
            rows.append("{\"text\": \"")
                    .append(text)
                    .append("\", \"label\": \"")
                    .append(good ? "good" : "bad")
                    .append("\"}\n");
        }
        Files.writeString(file, rows.toString());
    }
}
