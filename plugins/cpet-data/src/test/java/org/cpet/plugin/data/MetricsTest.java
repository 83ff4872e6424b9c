package org.cpet.plugin.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.cpet.plugin.data.F1Options.Average;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.NoOptions;
import org.cpet.spi.metric.Metric;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private final Notices notices = new Notices();

    @Test
    void accuracyIsTheShareOfEqualAnswers() {
        Metric accuracy = new AccuracyFactory().create(new NoOptions(), notices).start(List.of("0", "1"));
        count(accuracy, "0 0", "1 0", "1 1", "0 0");

        assertThat(accuracy.value()).isEqualTo(0.75);
    }

    @Test
    void withoutPredictionsThereIsNoValue() {
        assertThat(new AccuracyFactory()
                        .create(new NoOptions(), notices)
                        .start(List.of())
                        .value())
                .isNaN();
        assertThat(f1(Average.AUTO, "0", "1").value()).isNaN();
    }

    @Test
    void binaryF1CountsTheLastLabel() {
        Metric f1 = f1(Average.AUTO, "0", "1");
        // for label 1: two hits, one false alarm, one miss
        count(f1, "1 1", "1 1", "0 1", "1 0", "0 0");

        assertThat(f1.value()).isEqualTo(4.0 / 6.0);
    }

    @Test
    void macroF1IsTheMeanOverClasses() {
        Metric f1 = f1(Average.AUTO, "a", "b", "c");
        // a: 2·1/(1+2), b: 2·1/(2+1), c: neither expected nor predicted
        count(f1, "a a", "b a", "b b");

        // one rounding of a mean of three doubles
        assertThat(f1.value()).isEqualTo((2.0 / 3 + 2.0 / 3 + 0) / 3, within(1e-15));
    }

    @Test
    void anAnswerThatIsNoLabelIsAMiss() {
        Metric f1 = f1(Average.BINARY, "0", "1");
        count(f1, "1 maybe", "1 1");

        assertThat(f1.value()).isEqualTo(2.0 / 3.0);
    }

    @Test
    void freeTextHasNoF1() {
        assertThatThrownBy(() -> f1(Average.AUTO))
                .isInstanceOf(CpetException.class)
                .hasMessage("metric 'f1' needs classes; found free text; allowed 'exact_match' for free text")
                .satisfies(e -> assertThat(((CpetException) e).exitCode()).isEqualTo(ExitCode.RECIPE));
    }

    @Test
    void exactMatchLeavesOutSpacesAround() {
        Metric match = new ExactMatchFactory().create(new NoOptions(), notices).start(List.of());
        match.add("Paris", " Paris\n");
        match.add("Paris", "paris");

        assertThat(match.value()).isEqualTo(0.5);
    }

    private Metric f1(Average average, String... labels) {
        return new F1Factory().create(new F1Options(average), notices).start(List.of(labels));
    }

    private static void count(Metric metric, String... pairs) {
        for (String pair : pairs) {
            metric.add(pair.split(" ")[0], pair.split(" ")[1]);
        }
    }
}
