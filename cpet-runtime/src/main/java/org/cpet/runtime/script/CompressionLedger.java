package org.cpet.runtime.script;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.cpet.runtime.config.TextTable;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.evaluate.Latency;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.model.ModelWriter;
import org.cpet.runtime.train.Scorer;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;

/**
 * What a model costs before compression and after each step of it, measured, not derived from bit widths: bytes of the
 * files it is written as, bytes its tensors hold in memory, multiply-adds (times two) of its linear layers for one batch, and
 * tokens a second of that batch in this runtime. Random tokens: their values change no time.
 */
public final class CompressionLedger {
    private static final int ROWS = 8;
    private static final int LONGEST = 128;
    private static final int TARGETS = 8;

    private final EngineSession engine;
    private final ModelDirectory source;
    private final int tokens;
    private final Function<TransformerModel, Map<String, Double>> quality;
    private final List<Map<String, Object>> lines = new ArrayList<>();

    /**
     * Opens an empty ledger.
     *
     * @param longest tokens that a row may have
     * @param quality metrics of a model on held-out rows; empty where there are none
     */
    public CompressionLedger(
            EngineSession engine,
            ModelDirectory source,
            int longest,
            Function<TransformerModel, Map<String, Double>> quality) {
        this.engine = engine;
        this.source = source;
        this.tokens = Math.min(LONGEST, longest);
        this.quality = quality;
    }

    /** The lines so far, ready for JSON. */
    public List<Map<String, Object>> lines() {
        return List.copyOf(lines);
    }

    /** The lines as a table for a terminal. */
    public String text() {
        TextTable table = new TextTable("after", "#bytes on disk", "#bytes resident", "#GFLOP", "#tokens/s", "quality");
        for (Map<String, Object> line : lines) {
            table.row(
                    String.valueOf(line.get("after")),
                    String.format(Locale.ROOT, "%,d", (Long) line.get("bytes_on_disk")),
                    String.format(Locale.ROOT, "%,d", (Long) line.get("bytes_resident")),
                    String.format(
                            Locale.ROOT,
                            "%.3f",
                            ((Number) Objects.requireNonNull(line.get("flops"))).doubleValue() / 1e9),
                    String.format(Locale.ROOT, "%,.0f", (Double) line.get("tokens_per_second")),
                    String.valueOf(line.getOrDefault("quality", "not measured")));
        }
        return table.text();
    }

    /** The batch that is timed. */
    public Map<String, Object> batch() {
        Map<String, Object> batch = new LinkedHashMap<>();
        batch.put("rows", ROWS);
        batch.put("tokens_each", tokens);
        return batch;
    }

    /**
     * Measures a model as it is now.
     *
     * @param after what was done last
     */
    public void add(String after, TransformerModel model) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("after", after);
        line.put("bytes_on_disk", written(model));
        line.put("bytes_resident", model.bytes());
        line.put("flops", flops(model));
        Scorer.Timing timing = time(model);
        line.put("latency_ms", timing.median());
        line.put("tokens_per_second", ROWS * tokens / timing.median() * 1e3);
        Map<String, Double> found = quality.apply(model);
        if (!found.isEmpty()) {
            line.put("quality", found);
        }
        lines.add(line);
    }

    private long written(TransformerModel model) {
        try {
            Path folder = Files.createTempDirectory("cpet-ledger");
            try {
                new ModelWriter(engine.ops()).write(model, source, folder);
                try (Stream<Path> files = Files.list(folder)) {
                    return files.filter(file -> file.toString().endsWith(".safetensors"))
                            .mapToLong(file -> file.toFile().length())
                            .sum();
                }
            } finally {
                try (Stream<Path> files = Files.list(folder)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Layers of FFN blocks that compute a share of their neurons count with that share. */
    private double flops(TransformerModel model) {
        Map<String, Double> shares = new LinkedHashMap<>();
        for (FeedForwardSite block : model.feedForwards()) {
            double share = block.op().map(op -> op.share()).orElse(1.0);
            block.ins().forEach(in -> shares.put(in.name(), share));
            shares.put(block.out().name(), share);
        }
        double sum = 0;
        for (LinearSite site : model.linears()) {
            double each = 2.0 * site.op().out() * site.op().in() * shares.getOrDefault(site.name(), 1.0);
            boolean perRow =
                    model.layout().task() == ModelTask.SEQ_CLS && !site.role().inBlock();
            sum += each * ROWS * (perRow ? 1 : model.readsDecoder(site) ? TARGETS : tokens);
        }
        return sum;
    }

    private Scorer.Timing time(TransformerModel model) {
        try (NDManager manager = engine.manager().newSubManager()) {
            int vocabulary = model.layout().vocabulary();
            NDArray ids = random(manager, tokens, vocabulary);
            TokenBatch batch = TokenBatch.of(ids, ids.onesLike());
            if (model.layout().task() == ModelTask.SEQ2SEQ_LM) {
                batch = batch.withLabels(random(manager, TARGETS, vocabulary));
            }
            return Latency.STANDARD.measure(engine.ops(), model, batch, ForwardMode.DEPLOYED);
        }
    }

    private static NDArray random(NDManager manager, int width, int vocabulary) {
        // the first ids are padding and the like in most vocabularies
        long[] ids = new SplittableRandom(1)
                .longs((long) ROWS * width, Math.min(4, vocabulary - 1), vocabulary)
                .toArray();
        return manager.create(ids, new Shape(ROWS, width));
    }
}
