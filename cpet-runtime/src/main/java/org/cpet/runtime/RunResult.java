package org.cpet.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a finished run measured.
 *
 * @param directory with {@code result.json}, {@code metrics.jsonl}, {@code adapter/}
 * @param rows the table, in the order of the paper
 * @param provenance hashes of recipe, model, data and plugins, versions, machine, durations; texts, numbers, lists and
 *     maps
 * @param failedGates one line for each gate that was not met
 */
public record RunResult(
        Path directory, String name, List<Row> rows, Map<String, Object> provenance, List<String> failedGates) {
    public RunResult {
        rows = List.copyOf(rows);
        failedGates = List.copyOf(failedGates);
    }

    /**
     * A row of the table.
     *
     * @param paradigm {@code teacher}, {@code compressed}, {@code compressed_pet}, {@code inherited} or {@code cpet}
     * @param title as tables show it
     * @param metrics by name in the recipe's order, 0 to 1
     * @param trainableParameters numbers in PET, head and recovery
     * @param modelBytes bytes of the frozen model
     * @param latencyMs milliseconds of a forward pass of the timed batch
     */
    public record Row(
            String paradigm,
            String title,
            long seed,
            Map<String, Double> metrics,
            long trainableParameters,
            long modelBytes,
            double latencyMs) {}

    /** The row of a paradigm. */
    public Row row(String paradigm) {
        return rows.stream()
                .filter(row -> row.paradigm().equals(paradigm))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no row '" + paradigm + "'; there are "
                        + rows.stream().map(Row::paradigm).toList()));
    }
}
