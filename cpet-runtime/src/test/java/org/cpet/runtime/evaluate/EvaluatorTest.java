package org.cpet.runtime.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.common.primitives.ImmutableLongArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.cpet.runtime.data.ClassLabels;
import org.cpet.runtime.data.Collator;
import org.cpet.runtime.data.EncodedData;
import org.cpet.runtime.data.EncodedRow;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.data.Example;
import org.cpet.spi.data.TaskFields.LabelWord;
import org.cpet.spi.metric.Metric;
import org.cpet.spi.metric.MetricMethod;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.ModelTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EvaluatorTest {
    private static final double FLOAT = 1e-5; // sums of a dozen float32 logarithms

    private final ContractSession session = ContractSession.open();
    private final NDManager manager = session.manager();

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void aHeadAnswersEachRowAsItDoesAlone() {
        Optional<ClassLabels> labels = labels("no", "yes", "maybe");
        List<EncodedRow> rows = IntStream.range(0, 7)
                .mapToObj(i -> row(LongStream.rangeClosed(1, 2 + i * 3 % 7).toArray(), new long[] {i % 3}))
                .toList();
        EncodedData data = data(rows, i -> labels.orElseThrow().names().get(i % 3));

        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            Evaluation all = evaluator(ModelTask.SEQ_CLS, labels, 3).evaluate(model, data, ForwardMode.EXACT);

            double loss = 0;
            long right = 0;
            for (int i = 0; i < rows.size(); i++) {
                Evaluation alone = evaluator(ModelTask.SEQ_CLS, labels, 1)
                        .evaluate(model, data(List.of(rows.get(i)), 0, data), ForwardMode.EXACT);
                Prediction prediction = all.predictions().get(i);
                assertThat(prediction.predicted())
                        .isEqualTo(alone.predictions().get(0).predicted());
                for (int k = 0; k < 3; k++) {
                    assertThat(prediction.scores().get(k))
                            .isEqualTo(alone.predictions().get(0).scores().get(k), within(FLOAT));
                }
                loss += crossEntropy(prediction.scores(), i % 3);
                right += prediction.predicted().equals(prediction.example().label()) ? 1 : 0;
            }
            assertThat(all.loss()).isEqualTo(loss / rows.size(), within(FLOAT));
            assertThat(all.metrics()).containsExactly(Map.entry("share", (double) right / rows.size()));
            assertThat(all.measured().examples()).isEqualTo(7);
        }
    }

    @Test
    void wordsOfOneTokenAreComparedInOnePass() {
        Optional<ClassLabels> labels = words(new LabelWord("no", "7"), new LabelWord("yes", "8"));
        // after the last token of the prompt 3: prompts that start with 4 say 8, others say 7; then the end
        ScriptedModel model = new ScriptedModel(
                manager, true, Map.of(4L, Map.of(3L, 8L, 8L, 1L, 7L, 1L), 5L, Map.of(3L, 7L, 7L, 1L, 8L, 1L)));
        EncodedData data = data(
                List.of(causal("4 3", "8 1"), causal("5 5 5 3", "8 1"), causal("5 3", "7 1")),
                i -> List.of("yes", "yes", "no").get(i));

        Evaluation found = evaluator(ModelTask.CAUSAL_LM, labels, 8).evaluate(model, data, ForwardMode.DEPLOYED);

        assertThat(model.forwards).isEqualTo(1);
        assertThat(model.modes).containsOnly(ForwardMode.DEPLOYED);
        assertThat(found.predictions()).extracting(Prediction::predicted).containsExactly("yes", "no", "no");
        assertThat(found.predictions().get(1).scores().get(0)).isEqualTo(model.logProbability(5, 3, 7), within(FLOAT));
        assertThat(found.predictions().get(1).scores().get(1)).isEqualTo(model.logProbability(5, 3, 8), within(FLOAT));
        double loss = model.logProbability(4, 3, 8)
                + model.logProbability(4, 8, 1)
                + model.logProbability(5, 3, 8)
                + model.logProbability(5, 8, 1)
                + model.logProbability(5, 3, 7)
                + model.logProbability(5, 7, 1);
        assertThat(found.loss()).isEqualTo(-loss / 6, within(FLOAT));
        assertThat(found.metrics()).containsExactly(Map.entry("share", 2.0 / 3.0));
    }

    @Test
    void wordsOfSeveralTokensAreComparedByAllOfThem() {
        Optional<ClassLabels> labels = words(new LabelWord("not", "7 8"), new LabelWord("is", "8"));
        // 7 is likely first, but 8 hardly follows it; 8 and then the end together are likelier
        ScriptedModel model = new ScriptedModel(manager, false, Map.of(4L, Map.of(0L, 7L, 7L, 9L, 8L, 1L)));
        EncodedData data = data(List.of(target("4 3", "8 1"), target("4 3 3", "7 8 1")), i -> i == 0 ? "is" : "not");

        Evaluation found = evaluator(ModelTask.SEQ2SEQ_LM, labels, 8).evaluate(model, data, ForwardMode.EXACT);

        double not = model.logProbability(4, 0, 7) + model.logProbability(4, 7, 8) + model.logProbability(4, 8, 1);
        double is = model.logProbability(4, 0, 8) + model.logProbability(4, 8, 1);
        assertThat(is).isGreaterThan(not);
        assertThat(model.forwards).isEqualTo(3);
        assertThat(found.predictions()).extracting(Prediction::predicted).containsExactly("is", "is");
        for (Prediction prediction : found.predictions()) {
            assertThat(prediction.scores().get(0)).isEqualTo(not, within(FLOAT));
            assertThat(prediction.scores().get(1)).isEqualTo(is, within(FLOAT));
        }
        assertThat(found.loss()).isEqualTo(-(is + not) / 5, within(FLOAT));
    }

    @Test
    void causalWordsOfSeveralTokensFollowThePrompt() {
        Optional<ClassLabels> labels = words(new LabelWord("not", "7 8"), new LabelWord("is", "8"));
        ScriptedModel model = new ScriptedModel(manager, true, Map.of(4L, Map.of(3L, 7L, 7L, 8L, 8L, 1L)));
        EncodedData data = data(List.of(causal("4 3", "8 1"), causal("4 3 3 3", "7 8 1")), i -> "is");

        Evaluation found = evaluator(ModelTask.CAUSAL_LM, labels, 8).evaluate(model, data, ForwardMode.EXACT);

        double not = model.logProbability(4, 3, 7) + model.logProbability(4, 7, 8) + model.logProbability(4, 8, 1);
        assertThat(found.predictions()).extracting(Prediction::predicted).containsExactly("not", "not");
        assertThat(found.predictions().get(0).scores().get(0)).isEqualTo(not, within(FLOAT));
        assertThat(found.predictions().get(1).scores().get(0)).isEqualTo(not, within(FLOAT));
    }

    @Test
    void freeTextIsWrittenGreedily() {
        ScriptedModel model = new ScriptedModel(
                manager, true, Map.of(4L, Map.of(3L, 7L, 7L, 8L, 8L, 1L), 5L, Map.of(3L, 7L, 7L, 7L)));
        EncodedData data = data(List.of(causal("4 3", "7 8 1"), causal("5 2 3", "7 1")), i -> i == 0 ? "7 8" : "7");

        Evaluation found = evaluator(ModelTask.CAUSAL_LM, Optional.empty(), 8).evaluate(model, data, ForwardMode.EXACT);

        // the longest expected answer has three tokens, so four are asked for
        assertThat(found.predictions()).extracting(Prediction::predicted).containsExactly("7 8", "7 7 7 7");
        assertThat(found.metrics()).containsExactly(Map.entry("share", 0.5));
        double loss = model.logProbability(4, 3, 7)
                + model.logProbability(4, 7, 8)
                + model.logProbability(4, 8, 1)
                + model.logProbability(5, 3, 7)
                + model.logProbability(5, 7, 1);
        assertThat(found.loss()).isEqualTo(-loss / 5, within(FLOAT));
    }

    @Test
    void aModelThatDoesNotWriteHasALossAndNoMetric() {
        EncodedData data = data(List.of(causal("4 3", "7 8")), i -> "7 8");

        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.languageModel())) {
            Evaluation found =
                    evaluator(ModelTask.CAUSAL_LM, Optional.empty(), 8).evaluate(model, data, ForwardMode.EXACT);

            assertThat(found.metrics().get("share")).isNaN();
            assertThat(found.loss()).isPositive();
        }
    }

    @Test
    void exactAndDeployedAgreeWhereNothingIsPacked() {
        Optional<ClassLabels> labels = labels("no", "yes", "maybe");
        List<EncodedRow> rows = List.of(row(new long[] {1, 2, 3}, new long[] {0}));

        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            assertThat(evaluator(ModelTask.SEQ_CLS, labels, 8).exactToDeployed(model, rows))
                    .isZero();
        }
    }

    @Test
    void anEvaluationLeavesNoArrayBehind() {
        Optional<ClassLabels> labels = labels("no", "yes", "maybe");
        EncodedData data = data(List.of(row(new long[] {1, 2, 3}, new long[] {0})), i -> "no");

        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            Evaluator evaluator = evaluator(ModelTask.SEQ_CLS, labels, 8);
            evaluator.evaluate(model, data, ForwardMode.EXACT);
            int before = manager.getManagedArrays().size();
            evaluator.evaluate(model, data, ForwardMode.EXACT);

            assertThat(manager.getManagedArrays()).hasSize(before);
        }
    }

    @Test
    void aPassIsTimedAfterWarmingUp() {
        ScriptedModel model = new ScriptedModel(manager, true, Map.of());
        Collator collator = new Collator(manager, ModelTask.CAUSAL_LM, 0);

        double milliseconds = new Latency(2, 3, 3, 10)
                .measure(session.ops(), model, collator.batch(List.of(causal("4 3", "7"))), ForwardMode.DEPLOYED)
                .median();

        assertThat(milliseconds).isPositive().isFinite();
        assertThat(model.forwards).isEqualTo(5);
        assertThat(model.modes).containsOnly(ForwardMode.DEPLOYED);
    }

    @Test
    void predictionsAreWrittenAsLines() {
        Example one = new Example(Path.of("dev"), 3, List.of("a \"b\""), "no");
        Example two = new Example(Path.of("dev"), 4, List.of("a", "b"), "yes");

        assertThat(PredictionLines.of(
                        List.of(
                                new Prediction(one, "yes", List.of(-1.5, 0.25)),
                                new Prediction(two, "free", List.of())),
                        List.of("no", "yes")))
                .isEqualTo("""
                        {"line":3,"text":"a \\"b\\"","expected":"no","predicted":"yes","scores":{"no":-1.5,"yes":0.25}}
                        {"line":4,"text":["a","b"],"expected":"yes","predicted":"free"}
                        """);
    }

    private Evaluator evaluator(ModelTask task, Optional<ClassLabels> labels, int batchSize) {
        return new Evaluator(
                session.ops(),
                task,
                new Collator(manager, task, 0),
                new WordIds(),
                labels,
                Map.of("share", shareEqual()),
                batchSize);
    }

    private static MetricMethod shareEqual() {
        return labels -> new Metric() {
            private final List<Boolean> equal = new ArrayList<>();

            @Override
            public void add(String expected, String predicted) {
                equal.add(expected.equals(predicted));
            }

            @Override
            public double value() {
                return (double) equal.stream().filter(Boolean::booleanValue).count() / equal.size();
            }
        };
    }

    private double crossEntropy(List<Double> logits, int label) {
        float[] values = new float[logits.size()];
        IntStream.range(0, values.length).forEach(k -> values[k] = logits.get(k).floatValue());
        NDArray row = manager.create(values).reshape(1, values.length);
        return session.ops()
                .crossEntropy(row, manager.create(new long[] {label}), -100)
                .getFloat();
    }

    private static Optional<ClassLabels> labels(String... names) {
        return Optional.of(new ClassLabels(
                List.of(names).stream().map(name -> new LabelWord(name, name)).toList()));
    }

    private static Optional<ClassLabels> words(LabelWord... words) {
        return Optional.of(new ClassLabels(List.of(words)));
    }

    private static EncodedData data(List<EncodedRow> rows, IntFunction<String> label) {
        return new EncodedData(
                IntStream.range(0, rows.size())
                        .mapToObj(i -> new Example(Path.of("dev"), i + 1, List.of("t" + i), label.apply(i)))
                        .toList(),
                rows);
    }

    private static EncodedData data(List<EncodedRow> rows, int at, EncodedData all) {
        return new EncodedData(List.of(all.examples().get(at)), rows);
    }

    private static EncodedRow causal(String prompt, String answer) {
        long[] before = ids(prompt);
        long[] after = ids(answer);
        ImmutableLongArray input = ImmutableLongArray.builder()
                .addAll(LongStream.of(before))
                .addAll(LongStream.of(after))
                .build();
        ImmutableLongArray labels = ImmutableLongArray.builder()
                .addAll(LongStream.of(before).map(id -> -100))
                .addAll(LongStream.of(after))
                .build();
        return new EncodedRow(input, ImmutableLongArray.copyOf(new long[input.length()]), labels, 0);
    }

    private static EncodedRow target(String prompt, String answer) {
        return row(ids(prompt), ids(answer));
    }

    private static EncodedRow row(long[] input, long[] labels) {
        return new EncodedRow(
                ImmutableLongArray.copyOf(input),
                ImmutableLongArray.copyOf(new long[input.length]),
                ImmutableLongArray.copyOf(labels),
                0);
    }

    private static long[] ids(String text) {
        return List.of(text.split(" ")).stream().mapToLong(Long::parseLong).toArray();
    }
}
