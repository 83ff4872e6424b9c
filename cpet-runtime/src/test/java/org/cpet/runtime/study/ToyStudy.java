package org.cpet.runtime.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cpet.runtime.recipe.StandInFamily;

/** A recipe with every section, on stand-ins that never run. */
final class ToyStudy {
    private ToyStudy() {}

    static void write(Path folder) throws IOException {
        StandInFamily.write(folder.resolve("model"));
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/train.tsv"), "sentence\tlabel\n");
        Files.writeString(folder.resolve("data/dev.tsv"), "sentence\tlabel\n");
        Files.writeString(folder.resolve("recipe.yaml"), """
                name: toy
                seed: 5
                model: {path: model, task: seq_cls, init: random}
                data: {dataset: glue/sst2, path: data, max_length: 64}
                pet: {type: lora, r: 4, target_modules: [query, value]}
                teacher:
                  training: {learning_rate: 5.0e-4, epochs: 3, batch_size: 32}
                compression:
                  - structured_pruning: {ffn: 0.5}
                  - int8
                inheritance: {}
                recovery: {type: bottleneck}
                distillation: {type: logits_mse}
                training: {learning_rate: 1e-3, max_steps: 100, batch_size: 32}
                """);
    }
}
