package org.cpet.runtime.train;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.cpet.runtime.recipe.GateSection;

/** Conditions that a finished run must meet. */
public final class Gates {
    private Gates() {}

    /** One line for each gate that the table does not meet. */
    public static List<String> failed(List<GateSection> gates, List<ResultRow> rows) {
        return gates.stream().flatMap(gate -> check(gate, rows).stream()).toList();
    }

    private static List<String> check(GateSection gate, List<ResultRow> rows) {
        double found = rows.stream()
                .filter(row -> row.paradigm() == gate.paradigm())
                .flatMap(row -> Stream.ofNullable(row.metrics().get(gate.metric())))
                .findFirst()
                .orElse(Double.NaN);
        return found >= gate.min()
                ? List.of()
                : List.of(String.format(
                        Locale.ROOT,
                        "gate failed: %s of %s; found %.4f; allowed at least %.4f",
                        gate.metric(),
                        gate.paradigm().key(),
                        found,
                        gate.min()));
    }
}
