package org.cpet.recipes.quickstart;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cpet.spi.data.DatasetReader;
import org.cpet.spi.data.Row;

/**
 * Rows with the fields {@code prompt} and {@code completion}, generated from the few lines of a {@code .creatures} file.
 * A row's line is its number, counted from 1.
 */
final class Creatures implements DatasetReader {
    @Override
    public List<String> extensions() {
        return List.of("creatures");
    }

    @Override
    public List<Row> read(Path file) {
        CreaturesSpec spec = CreaturesSpec.read(file);
        List<Row> rows = new ArrayList<>(spec.rows());
        for (Question question : questions(spec)) {
            rows.add(new Row(
                    file, rows.size() + 1L, Map.of("prompt", question.prompt(), "completion", question.completion())));
        }
        return rows;
    }

    private static List<Question> questions(CreaturesSpec spec) {
        World world = new World(spec.creatures(), spec.seed());
        return switch (spec.kind()) {
            case PRETRAINING -> Pretraining.questions(world, spec);
            case WEIGHT_PAIRS -> WeightPairs.questions(world, spec);
            case SAME_PAIRS -> SamePairs.questions(world, spec);
        };
    }
}
