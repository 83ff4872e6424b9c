package org.cpet.runtime;

import com.google.common.primitives.ImmutableLongArray;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cpet.runtime.data.ClassLabels;
import org.cpet.runtime.data.EncodedData;
import org.cpet.runtime.data.EncodedRow;
import org.cpet.runtime.data.TaskData;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.evaluate.Evaluation;
import org.cpet.runtime.evaluate.PredictionLines;
import org.cpet.runtime.generate.Generation;
import org.cpet.runtime.generate.TokenChoice;
import org.cpet.runtime.train.TaskModule;
import org.cpet.runtime.wiring.RunParts;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.data.Example;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.GenerativeModel;
import org.cpet.spi.tensor.Ops;

/**
 * What a run made, ready to answer: the model, compressed or not, with its task module. Computes with the kernels of this
 * machine. Not thread-safe; closing frees every tensor.
 */
public final class AdaptedModel implements AutoCloseable {
    private final EngineSession session;
    private final RunParts parts;
    private final TaskModule module;

    AdaptedModel(EngineSession session, RunParts parts, TaskModule module) {
        this.session = session;
        this.parts = parts;
        this.module = module;
    }

    /**
     * An answer.
     *
     * @param label as the data files write it, or free text
     * @param scores of the classes, by label: logits, or log-likelihoods of the classes' words
     */
    public record Prediction(String label, Map<String, Double> scores) {}

    /**
     * What an evaluation found.
     *
     * @param metrics by name in the recipe's order, 0 to 1
     * @param predictionLines one JSON object a line: {@code line}, {@code text}, {@code expected}, {@code predicted},
     *     {@code scores}
     */
    public record Scores(Map<String, Double> metrics, long examples, String predictionLines) {}

    /** The classes of the task, as data files write them; empty for free text. */
    public List<String> labels() {
        return parts.rows().labels().map(ClassLabels::names).orElse(List.of());
    }

    /** Answers to texts, in their order. */
    public List<Prediction> predict(List<String> texts) {
        return answers(texts.stream().map(List::of).toList());
    }

    /** The answer to a pair of texts. */
    public Prediction predict(String first, String second) {
        return answers(List.of(List.of(first, second))).get(0);
    }

    /** Measures the model on a data file of the recipe's format, with labels. */
    public Scores evaluate(Path data) {
        return EngineFailures.translated(() -> {
            List<Example> examples =
                    TaskData.read(parts.rows().inputs(), data, parts.rows().labels(), parts::notice);
            Evaluation found = parts.evaluator()
                    .evaluate(module.model(), parts.rows().encode("data", examples), ForwardMode.DEPLOYED);
            return new Scores(found.metrics(), examples.size(), PredictionLines.of(found.predictions(), labels()));
        });
    }

    /** Continues a prompt greedily; for language models. */
    public String generate(String prompt, int maxNewTokens) {
        if (!(module.model() instanceof GenerativeModel writer)) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    "this model does not generate; found task "
                            + parts.rows().task().name().toLowerCase(Locale.ROOT)
                            + "; allowed causal_lm, seq2seq_lm");
        }
        return EngineFailures.translated(() -> written(writer, prompt, maxNewTokens));
    }

    @SuppressWarnings("try") // the scope frees the prompt
    private String written(GenerativeModel writer, String prompt, int maxNewTokens) {
        try (Ops.Scope scope = session.ops().scope()) {
            EncodedRow row = parts.rows().encoder().encode(example(0, List.of(prompt)));
            Generation generation = new Generation(
                    TokenChoice.GREEDY, maxNewTokens, parts.rows().special().ends());
            List<ImmutableLongArray> answer = session.ops()
                    .withoutGradients(() -> generation.run(
                            writer,
                            session.ops(),
                            parts.rows().collator().prompts(List.of(row.prompt())),
                            ForwardMode.DEPLOYED,
                            new SplittableRandom(0)));
            return parts.rows().tokenizer().decode(answer.get(0), true);
        }
    }

    private List<Prediction> answers(List<List<String>> texts) {
        if (labels().isEmpty() && module.model() instanceof GenerativeModel writer) {
            int most = parts.rows().maxLength();
            return EngineFailures.translated(() -> texts.stream()
                    .map(text -> new Prediction(written(writer, String.join(" ", text), most), Map.of()))
                    .toList());
        }
        return EngineFailures.translated(() -> {
            List<Example> examples = IntStream.range(0, texts.size())
                    .mapToObj(i -> example(i, texts.get(i)))
                    .toList();
            EncodedData rows = parts.rows().encode("predict", examples);
            return parts.evaluator().evaluate(module.model(), rows, ForwardMode.DEPLOYED).predictions().stream()
                    .map(found -> new Prediction(found.predicted(), byLabel(found.scores())))
                    .toList();
        });
    }

    /** An example whose label nobody looks at. */
    private Example example(int index, List<String> texts) {
        String label = labels().stream().findFirst().orElse("");
        return new Example(Path.of("predict"), index + 1, texts, label);
    }

    private Map<String, Double> byLabel(List<Double> scores) {
        Map<String, Double> byLabel = new LinkedHashMap<>();
        IntStream.range(0, scores.size()).forEach(i -> byLabel.put(labels().get(i), scores.get(i)));
        return byLabel;
    }

    @Override
    public void close() {
        module.close();
        parts.close();
        session.close();
    }
}
