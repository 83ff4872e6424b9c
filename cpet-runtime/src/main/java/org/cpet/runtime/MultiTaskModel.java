package org.cpet.runtime;

import com.google.common.primitives.ImmutableLongArray;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.cpet.runtime.data.Collator;
import org.cpet.runtime.data.EncodedRow;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.generate.Generation;
import org.cpet.runtime.generate.TokenChoice;
import org.cpet.runtime.serve.AdapterLoader;
import org.cpet.runtime.serve.AdapterRack;
import org.cpet.runtime.text.TokenizedText;
import org.cpet.runtime.text.Tokenizer;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.GenerativeModel;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/**
 * One frozen model, compressed or not, and the adapters of many tasks on it. Each question names its adapter, and one batch
 * answers questions of several: frozen layers multiply all rows at once. Not thread-safe; closing frees every tensor.
 */
public final class MultiTaskModel implements AutoCloseable {
    /** Names the model without an adapter. */
    public static final String NO_ADAPTER = AdapterRack.NONE;

    private final EngineSession session;
    private final Tokenizer tokenizer;
    private final Collator collator;
    private final AdapterRack rack;
    private final AdapterLoader loader;
    private final int longest;

    /** @param longest tokens that the model reads in a row */
    MultiTaskModel(
            EngineSession session,
            Tokenizer tokenizer,
            Collator collator,
            AdapterRack rack,
            AdapterLoader loader,
            int longest) {
        this.session = session;
        this.tokenizer = tokenizer;
        this.collator = collator;
        this.rack = rack;
        this.loader = loader;
        this.longest = longest;
    }

    /**
     * A question.
     *
     * @param adapter a name given to {@link #add}, or {@link #NO_ADAPTER}
     * @param texts one or a pair
     */
    public record Question(String adapter, List<String> texts) {
        public Question {
            texts = List.copyOf(texts);
        }

        /** About one text. */
        public static Question of(String adapter, String text) {
            return new Question(adapter, List.of(text));
        }
    }

    /** Puts the adapter of a directory beside the others. */
    public void add(String name, Path directory) {
        EngineFailures.translated(() -> {
            rack.add(name, model -> loader.load(directory, model));
            return name;
        });
    }

    /** Takes an adapter away. */
    public void remove(String name) {
        rack.remove(name);
    }

    /** Names of the adapters. */
    public List<String> adapters() {
        return rack.names();
    }

    /** Logits of each question's classes, from the adapter's own head where it has one, in the questions' order. */
    public List<double[]> classify(List<Question> questions) {
        requireKnown(questions);
        if (rack.model().classifier().isEmpty()) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    "this model classifies nothing; found task "
                            + rack.model().layout().task() + "; allowed SEQ_CLS");
        }
        List<EncodedRow> rows = questions.stream().map(this::row).toList();
        return EngineFailures.translated(() -> mixed(questions, chosen -> logits(questions, rows, chosen)));
    }

    @SuppressWarnings("try") // the scope frees the batch
    private List<double[]> logits(List<Question> questions, List<EncodedRow> rows, List<Integer> chosen) {
        try (Ops.Scope scope = session.ops().scope()) {
            float[] values = rack.model()
                    .forward(collator.batch(chosen.stream().map(rows::get).toList()), ForwardMode.DEPLOYED)
                    .requireLogits()
                    .toFloatArray();
            int each = values.length / chosen.size();
            return IntStream.range(0, chosen.size())
                    .mapToObj(i -> {
                        int classes = classes(questions.get(chosen.get(i)).adapter());
                        return IntStream.range(i * each, i * each + classes)
                                .mapToDouble(at -> values[at])
                                .toArray();
                    })
                    .toList();
        }
    }

    private int classes(String adapter) {
        return rack.labels(adapter).orElseGet(() -> {
            TransformerModel model = rack.model();
            int layers = model.classifier().size();
            return model.classifier().get(layers - 1).op().out();
        });
    }

    /** Continues each question's text greedily; for language models. */
    public List<String> generate(List<Question> questions, int maxNewTokens) {
        requireKnown(questions);
        if (!(rack.model() instanceof GenerativeModel writer)) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    "this model generates nothing; found task "
                            + rack.model().layout().task() + "; allowed CAUSAL_LM, SEQ2SEQ_LM");
        }
        List<ImmutableLongArray> prompts = questions.stream()
                .map(question ->
                        tokenizer.encode(String.join(" ", question.texts())).ids())
                .toList();
        Generation generation = new Generation(TokenChoice.GREEDY, maxNewTokens, ends());
        return EngineFailures.translated(() -> mixed(
                questions,
                chosen -> generation
                        .run(
                                writer,
                                session.ops(),
                                collator.prompts(
                                        chosen.stream().map(prompts::get).toList()),
                                ForwardMode.DEPLOYED,
                                new SplittableRandom(0))
                        .stream()
                        .map(answer -> tokenizer.decode(answer, true))
                        .toList()));
    }

    private <T> List<T> mixed(List<Question> questions, Function<List<Integer>, List<T>> pass) {
        List<String> names = questions.stream().map(Question::adapter).toList();
        return names.isEmpty() ? List.of() : session.ops().withoutGradients(() -> rack.mixed(names, pass));
    }

    /** Before anything runs. */
    private void requireKnown(List<Question> questions) {
        questions.forEach(question -> rack.require(question.adapter()));
    }

    private EncodedRow row(Question question) {
        TokenizedText text = tokenizer.encode(question.texts(), longest - rack.virtualTokens(question.adapter()));
        return new EncodedRow(text.ids(), text.typeIds(), ImmutableLongArray.of(0), text.cut());
    }

    private Set<Long> ends() {
        Object end = rack.model().config().values().get("eos_token_id");
        Set<Long> ends = new TreeSet<>();
        List<?> all = end instanceof List<?> list ? list : end == null ? List.of() : Arrays.asList(end);
        all.stream().filter(Number.class::isInstance).forEach(id -> ends.add(((Number) id).longValue()));
        return ends;
    }

    /** Loads several adapters, by name. */
    MultiTaskModel with(Map<String, Path> adapters) {
        new LinkedHashMap<>(adapters).forEach(this::add);
        return this;
    }

    @Override
    public void close() {
        rack.close();
        rack.model().close();
        tokenizer.close();
        session.close();
    }
}
