package org.cpet.recipes.quickstart;

import java.nio.file.Path;
import java.util.List;
import org.cpet.spi.data.Row;

/** The committed files and what they generate. */
final class Generated {
    static final Path QUICKSTART = Path.of("quickstart");

    private Generated() {}

    static List<Question> questions(String file) {
        return new Creatures()
                .read(QUICKSTART.resolve(file)).stream()
                        .map(Generated::question)
                        .toList();
    }

    static World world() {
        CreaturesSpec spec = CreaturesSpec.read(QUICKSTART.resolve("weights/train.creatures"));
        return new World(spec.creatures(), spec.seed());
    }

    private static Question question(Row row) {
        return new Question(
                String.valueOf(row.values().get("prompt")),
                String.valueOf(row.values().get("completion")));
    }
}
