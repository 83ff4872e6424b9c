package org.cpet.recipes.quickstart;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The files of the quickstart's backbone that follow from its world: a small T5 v1.0 and a tokenizer of whole words. */
final class Backbone {
    static final String PAD = "<pad>";
    static final String END = "</s>";
    static final String UNKNOWN = "<unk>";

    private static final String GRAMMAR = "is of more than ? yes no the what tell : has";

    private final List<String> vocabulary;

    Backbone(World world) {
        Set<String> words = new LinkedHashSet<>(List.of(PAD, END, UNKNOWN));
        words.addAll(List.of(GRAMMAR.split(" ")));
        for (Attribute attribute : Attribute.ALL) {
            words.add(attribute.word());
            words.addAll(attribute.values());
        }
        words.addAll(world.names());
        this.vocabulary = List.copyOf(words);
    }

    /** All words; a word's place is its id. */
    List<String> vocabulary() {
        return vocabulary;
    }

    /** {@code config.json}. */
    String config() {
        return """
                {
                  "architectures": ["T5ForConditionalGeneration"],
                  "model_type": "t5",
                  "vocab_size": %d,
                  "d_model": 128,
                  "d_kv": 16,
                  "d_ff": 512,
                  "num_heads": 8,
                  "num_layers": 2,
                  "num_decoder_layers": 2,
                  "relative_attention_num_buckets": 32,
                  "relative_attention_max_distance": 128,
                  "feed_forward_proj": "relu",
                  "dropout_rate": 0.0,
                  "layer_norm_epsilon": 1e-06,
                  "initializer_factor": 1.0,
                  "is_encoder_decoder": true,
                  "tie_word_embeddings": true,
                  "pad_token_id": 0,
                  "eos_token_id": 1,
                  "decoder_start_token_id": 0
                }
                """.formatted(vocabulary.size());
    }

    /** {@code tokenizer.json} of the tokenizers library: words between spaces, an end after each text. */
    String tokenizer() {
        List<String> special = vocabulary.subList(0, 3);
        return """
                {
                  "version": "1.0",
                  "truncation": null,
                  "padding": null,
                  "added_tokens": [
                %s
                  ],
                  "normalizer": null,
                  "pre_tokenizer": {"type": "WhitespaceSplit"},
                  "post_processor": {
                    "type": "TemplateProcessing",
                    "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
                    "pair": [
                      {"Sequence": {"id": "A", "type_id": 0}},
                      {"SpecialToken": {"id": "</s>", "type_id": 0}},
                      {"Sequence": {"id": "B", "type_id": 0}},
                      {"SpecialToken": {"id": "</s>", "type_id": 0}}
                    ],
                    "special_tokens": {"</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"]}}
                  },
                  "decoder": null,
                  "model": {
                    "type": "WordLevel",
                    "vocab": {
                %s
                    },
                    "unk_token": "<unk>"
                  }
                }
                """.formatted(lines(special, Backbone::addedToken), lines(vocabulary, Backbone::entry));
    }

    private interface Line {
        String of(int id, String word);
    }

    private static String lines(List<String> words, Line line) {
        return IntStream.range(0, words.size())
                .mapToObj(id -> line.of(id, words.get(id)))
                .collect(Collectors.joining(",\n"));
    }

    private static String addedToken(int id, String word) {
        return "    {\"id\": " + id + ", \"content\": \"" + word
                + "\", \"single_word\": false, \"lstrip\": false, \"rstrip\": false, \"normalized\": false, "
                + "\"special\": true}";
    }

    private static String entry(int id, String word) {
        return "      \"" + word + "\": " + id;
    }
}
