package org.cpet.plugin.pet.prompt;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.cpet.spi.OptionException;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.EmbeddingSite;

/** First values of a soft prompt, [rows, hidden]. */
final class PromptStart {
    private static final float RANGE = 0.5f;

    private final PromptOptions options;
    private final PluginContext context;

    PromptStart(PromptOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
    }

    /** Trainable, owned by the manager of the model's embeddings. */
    NDArray of(EmbeddingSite site, NDManager manager, int rows) {
        NDArray table = site.table().value();
        RandomGenerator random = context.random(PromptModule.TENSOR);
        NDArray start = switch (options.init()) {
            case VOCABULARY ->
                rows(table, drawn(random, rows, (int) table.getShape().get(0)));
            case TEXT -> rows(table, repeated(options.initText().orElseThrow(), rows));
            case RANDOM ->
                uniform(manager, random, new Shape(rows, table.getShape().get(1)));
        };
        try (start) {
            return context.ops().trainable(start);
        }
    }

    private NDArray rows(NDArray table, int[] tokens) {
        return context.ops().select(table, 0, tokens);
    }

    private static int[] drawn(RandomGenerator random, int count, int vocabulary) {
        return IntStream.range(0, count).map(i -> random.nextInt(vocabulary)).toArray();
    }

    private int[] repeated(String text, int count) {
        long[] tokens = context.tokens(text);
        if (tokens.length == 0) {
            throw new OptionException("init_text; found '" + text + "', which the tokenizer reads as no token; allowed"
                    + " a text of at least one");
        }
        return IntStream.range(0, count)
                .map(i -> Math.toIntExact(tokens[i % tokens.length]))
                .toArray();
    }

    private static NDArray uniform(NDManager manager, RandomGenerator random, Shape shape) {
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (random.nextFloat() * 2 - 1) * RANGE;
        }
        return manager.create(values, shape);
    }
}
