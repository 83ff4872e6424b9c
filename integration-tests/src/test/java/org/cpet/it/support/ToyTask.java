package org.cpet.it.support;

import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cpet.runtime.engine.DeviceChoice;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.model.ModelLoader;
import org.cpet.runtime.model.ModelWriter;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.script.Extensions;
import org.cpet.runtime.script.ScriptContext;
import org.cpet.spi.model.ModelRequest;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TransformerModel;

/** A tiny BERT with seeded weights, its tokenizer, and rows whose label is whether good words outnumber bad ones. */
public final class ToyTask {
    private static final int WORDS = 24;

    private final Path folder;

    private ToyTask(Path folder) {
        this.folder = folder;
    }

    /** Writes {@code model/} and {@code data/} below a folder. */
    public static ToyTask write(Path folder) {
        try {
            ToyTask task = new ToyTask(folder);
            Files.createDirectories(folder.resolve("start"));
            Files.createDirectories(folder.resolve("data"));
            Files.writeString(folder.resolve("start/config.json"), config());
            Files.writeString(folder.resolve("start/tokenizer.json"), tokenizer());
            task.rows("train", 160, 1);
            task.rows("test", 160, 2);
            task.weights();
            return task;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The model directory. */
    public Path model() {
        return folder.resolve("model");
    }

    /** The directory with {@code train.jsonl} and {@code test.jsonl}. */
    public Path data() {
        return folder.resolve("data");
    }

    /** A recipe with every section, on this model and these rows. */
    public Map<String, Object> recipe() {
        Map<String, Object> training = Map.of("learning_rate", 5e-3, "epochs", 2, "batch_size", 16, "logging_steps", 5);
        Map<String, Object> recipe = new LinkedHashMap<>();
        recipe.put("name", "toy");
        recipe.put("seed", 7);
        recipe.put("model", Map.of("path", model().toString(), "task", "seq_cls", "device", "cpu"));
        recipe.put(
                "data",
                Map.of(
                        "dataset",
                        "jsonl",
                        "path",
                        data().toString(),
                        "fields",
                        Map.of("text", "text", "label", "label"),
                        "max_length",
                        16));
        recipe.put(
                "pet",
                Map.of("type", "lora", "r", 4, "lora_dropout", 0.1, "target_modules", List.of("query", "value")));
        recipe.put("teacher", Map.of("training", training));
        recipe.put(
                "compression",
                List.of(Map.of("structured_pruning", Map.of("heads", 0.5, "ffn", 0.5)), Map.of("int8", Map.of())));
        recipe.put("inheritance", Map.of());
        recipe.put("recovery", Map.of("type", "bottleneck", "r", 4));
        recipe.put("distillation", Map.of("type", "last_hidden_mse", "alpha", 1.0));
        recipe.put("training", training);
        return recipe;
    }

    private void weights() {
        ModelDirectory start = ModelDirectory.open(folder.resolve("start"));
        try (PluginCatalog catalog = PluginCatalog.discover(ToyTask.class.getClassLoader(), List.of());
                EngineSession session = EngineSession.open(DeviceChoice.parse("cpu"), 1)) {
            ScriptContext context = new ScriptContext(session, 11, notice -> {});
            ModelLoader loader = new ModelLoader(Extensions.families(catalog, context), session, context);
            try (TransformerModel model =
                    loader.random(start, new ModelRequest(ModelTask.SEQ_CLS, 2), DataType.FLOAT32)) {
                new ModelWriter(session.ops()).write(model, start, model());
            }
        }
    }

    private void rows(String name, int count, long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> lines = new ArrayList<>();
        while (lines.size() < count) {
            List<Integer> words =
                    random.ints(random.nextInt(3, 10), 0, WORDS).boxed().toList();
            long good = words.stream().filter(word -> word % 3 == 0).count();
            long bad = words.stream().filter(word -> word % 3 == 1).count();
            if (good != bad) {
                String text = words.stream().map(word -> "w" + word).collect(Collectors.joining(" "));
                lines.add("{\"text\": \"" + text + "\", \"label\": \"" + (good > bad ? "good" : "bad") + "\"}");
            }
        }
        Files.write(folder.resolve("data").resolve(name + ".jsonl"), lines);
    }

    private static String config() {
        return """
                {"architectures": ["BertForSequenceClassification"], "model_type": "bert", "vocab_size": 28,
                 "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64,
                 "max_position_embeddings": 32, "type_vocab_size": 2, "hidden_act": "gelu", "layer_norm_eps": 1e-12,
                 "pad_token_id": 0, "initializer_range": 0.2, "hidden_dropout_prob": 0.0,
                 "attention_probs_dropout_prob": 0.0, "id2label": {"0": "bad", "1": "good"}}
                """;
    }

    private static String tokenizer() {
        String words = IntStream.range(0, WORDS)
                .mapToObj(i -> "\"w" + i + "\": " + (i + 4))
                .collect(Collectors.joining(", "));
        return """
                {"version": "1.0", "truncation": null, "padding": null,
                 "added_tokens": [
                  {"id": 0, "content": "[PAD]", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true},
                  {"id": 1, "content": "[UNK]", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true},
                  {"id": 2, "content": "[CLS]", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true},
                  {"id": 3, "content": "[SEP]", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}],
                 "normalizer": null, "pre_tokenizer": {"type": "WhitespaceSplit"},
                 "post_processor": {"type": "TemplateProcessing",
                  "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                   {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
                  "pair": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                   {"SpecialToken": {"id": "[SEP]", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}},
                   {"SpecialToken": {"id": "[SEP]", "type_id": 1}}],
                  "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                   "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}},
                 "decoder": null,
                 "model": {"type": "WordLevel", "unk_token": "[UNK]", "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, %s}}}
                """.formatted(words);
    }
}
