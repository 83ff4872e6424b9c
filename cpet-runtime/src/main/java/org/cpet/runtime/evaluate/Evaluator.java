package org.cpet.runtime.evaluate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.data.BatchPlan;
import org.cpet.runtime.data.ClassLabels;
import org.cpet.runtime.data.Collator;
import org.cpet.runtime.data.EncodedData;
import org.cpet.runtime.data.EncodedRow;
import org.cpet.runtime.data.ExampleEncoder;
import org.cpet.spi.metric.Metric;
import org.cpet.spi.metric.MetricMethod;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/** Runs a model over examples and measures its answers. */
public final class Evaluator {
    private final Ops ops;
    private final Scoring scoring;
    private final Optional<ClassLabels> labels;
    private final Map<String, MetricMethod> metrics;
    private final int batchSize;

    /**
     * An evaluator of one task.
     *
     * @param labels the classes; empty for free text
     * @param metrics by name, in the order they are reported
     */
    public Evaluator(
            Ops ops,
            ModelTask task,
            Collator collator,
            ExampleEncoder encoder,
            Optional<ClassLabels> labels,
            Map<String, MetricMethod> metrics,
            int batchSize) {
        this.ops = ops;
        this.labels = labels;
        this.metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        this.batchSize = batchSize;
        this.scoring = task == ModelTask.SEQ_CLS
                ? new HeadScoring(ops, collator, labels.orElseThrow())
                : labels.<Scoring>map(classes -> new WordScoring(ops, collator, classes, encoder))
                        .orElseGet(() -> new CompletionScoring(ops, collator, encoder));
    }

    /** Answers and metrics; the longest rows go first, so that a batch too large for the memory fails at once. */
    @SuppressWarnings("try") // the scope frees a batch's tensors
    public Evaluation evaluate(TransformerModel model, EncodedData data, ForwardMode mode) {
        long start = System.nanoTime();
        List<Scored> scored = new ArrayList<>(Collections.nCopies(data.size(), new Scored("", false, List.of(), 0)));
        for (List<Integer> batch : plan(data).evaluation()) {
            List<EncodedRow> rows = batch.stream().map(data.rows()::get).toList();
            List<Scored> answers = ops.withoutGradients(() -> {
                try (Ops.Scope scope = ops.scope()) {
                    return scoring.score(model, rows, mode);
                }
            });
            for (int i = 0; i < batch.size(); i++) {
                scored.set(batch.get(i), answers.get(i));
            }
        }
        return evaluation(data, scored, start);
    }

    /**
     * The largest difference of the deciding logits between exact and deployed arithmetic.
     *
     * @param rows a few, as one batch
     */
    @SuppressWarnings("try") // the scope frees the batch's tensors
    public double exactToDeployed(TransformerModel model, List<EncodedRow> rows) {
        return ops.withoutGradients(() -> {
            try (Ops.Scope scope = ops.scope()) {
                return (double) scoring.decisive(model, rows, ForwardMode.EXACT)
                        .sub(scoring.decisive(model, rows, ForwardMode.DEPLOYED))
                        .abs()
                        .max()
                        .getFloat();
            }
        });
    }

    private Evaluation evaluation(EncodedData data, List<Scored> scored, long start) {
        Map<String, Metric> running = new LinkedHashMap<>();
        List<String> names = labels.map(ClassLabels::names).orElse(List.of());
        metrics.forEach((name, method) -> running.put(name, method.start(names)));
        List<Prediction> predictions = new ArrayList<>(data.size());
        double loss = 0;
        long counted = 0;
        for (int i = 0; i < data.size(); i++) {
            Scored answer = scored.get(i);
            String expected = data.examples().get(i).label();
            if (answer.answered()) {
                running.values().forEach(metric -> metric.add(expected, answer.predicted()));
            }
            predictions.add(new Prediction(data.examples().get(i), answer.predicted(), answer.scores()));
            loss += answer.loss();
            counted += data.rows().get(i).counted();
        }
        Map<String, Double> values = new LinkedHashMap<>();
        running.forEach((name, metric) -> values.put(name, metric.value()));
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Evaluation(Collections.unmodifiableMap(values), loss / counted, predictions, seconds);
    }

    private BatchPlan plan(EncodedData data) {
        int[] lengths = data.rows().stream().mapToInt(EncodedRow::length).toArray();
        return new BatchPlan(lengths, batchSize, 0);
    }
}
