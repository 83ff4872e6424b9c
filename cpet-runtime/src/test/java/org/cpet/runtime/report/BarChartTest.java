package org.cpet.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cpet.runtime.report.BarChart.Bar;
import org.junit.jupiter.api.Test;

class BarChartTest {
    @Test
    void barsBeginAtZeroWhereValuesAreFarApart() {
        String svg = new BarChart("size", List.of(bar("one", 10, Double.NaN), bar("half", 5, Double.NaN))).svg();

        // the axis runs from 0 to 10 over 296 units from 14
        assertThat(svg)
                .contains("<rect x=\"14.0\" y=\"23\" width=\"296.0\"", "<rect x=\"14.0\" y=\"57\" width=\"148.0\"");
    }

    @Test
    void valuesCloseTogetherAreSpreadAndTheAxisSaysWhereItBegins() {
        String svg = new BarChart("accuracy", List.of(bar("a", 85, 1), bar("b", 86, 1))).svg();

        assertThat(svg).contains(">83<").doesNotContain(">0<").contains("class=\"whisker\"");
    }

    @Test
    void namesAreEscaped() {
        assertThat(new BarChart("a<b", List.of(bar("x & y", 1, Double.NaN))).svg())
                .contains("aria-label=\"a&lt;b\"", ">x &amp; y<");
    }

    private static Bar bar(String name, double value, double spread) {
        return new Bar(name, value, value - spread, value + spread, String.valueOf(value));
    }
}
