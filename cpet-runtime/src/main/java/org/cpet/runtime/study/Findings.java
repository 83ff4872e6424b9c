package org.cpet.runtime.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.checkpoint.StudyDirectory;
import org.cpet.runtime.recipe.Paradigm;
import tools.jackson.databind.JsonNode;

/**
 * What a study has found so far.
 *
 * @param variants those of the plan, and what was added on the way
 * @param cells with their states, in the order of running
 * @param messages of cells that failed, by key
 */
record Findings(
        StudyPlan plan,
        List<Variant> variants,
        Map<Cell, CellState> cells,
        Map<String, String> messages,
        List<String> notices,
        StudyDirectory directory) {

    /** The table, in the order of the variants. */
    List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (Variant variant : variants) {
            for (Paradigm row : rows(variant)) {
                lines.add(new Line(
                        variant, row, samples(variant, row), plan.seeds().size()));
            }
        }
        return lines;
    }

    private List<Paradigm> rows(Variant variant) {
        return variant.rows().isEmpty()
                ? cellsOf(variant).stream()
                        .findFirst()
                        .map(cell -> cell.recipe().evaluation().compare())
                        .orElse(List.of())
                : variant.rows();
    }

    private List<Line.Sample> samples(Variant variant, Paradigm row) {
        List<Line.Sample> samples = new ArrayList<>();
        for (Cell cell : cellsOf(variant)) {
            result(cell).ifPresent(result -> {
                for (JsonNode measured : result.path("rows")) {
                    if (measured.path("paradigm").asString("").equals(row.key())) {
                        JsonNode facts =
                                result.path("provenance").path("stages").path(row.key());
                        samples.add(new Line.Sample(cell.seed(), cell.key(), measured, facts));
                    }
                }
            });
        }
        return samples;
    }

    List<Cell> cellsOf(Variant variant) {
        return cells.keySet().stream()
                .filter(cell -> cell.variants().contains(variant.name()))
                .toList();
    }

    Optional<JsonNode> result(Cell cell) {
        boolean finished = cells.getOrDefault(cell, CellState.LEFT).finished();
        return finished ? directory.result(cell.key()) : Optional.empty();
    }

    /** Cells in a state. */
    List<Cell> in(CellState state) {
        return cells.entrySet().stream()
                .filter(entry -> entry.getValue() == state)
                .map(Map.Entry::getKey)
                .toList();
    }

    boolean complete() {
        return cells.values().stream().allMatch(CellState::finished);
    }

    /** What must not pass in silence: of the plan, of the way, and what is not there. */
    List<String> allNotices() {
        List<String> all = new ArrayList<>(plan.notices());
        all.addAll(notices);
        if (!in(CellState.LEFT).isEmpty()) {
            all.add("not finished: " + in(CellState.LEFT).size() + " of " + cells.size()
                    + " cells are left undone; the same command continues. Left: "
                    + String.join(
                            "; ", in(CellState.LEFT).stream().map(Cell::title).toList()));
        }
        in(CellState.FAILED)
                .forEach(cell -> all.add("failed: " + cell.title() + ": " + messages.getOrDefault(cell.key(), "")));
        return all;
    }

    /** The best variant by the study's {@code select}, among those with every seed. */
    Optional<Selection> selection() {
        return plan.options().select().flatMap(select -> Selection.of(lines(), select));
    }

    /** Variants with curves: lines of {@code metrics.jsonl} of each of their cells. */
    Map<Cell, List<JsonNode>> journals() {
        Map<Cell, List<JsonNode>> journals = new LinkedHashMap<>();
        cells.forEach((cell, state) -> {
            if (state.finished()) {
                journals.put(cell, directory.metrics(cell.key()));
            }
        });
        return journals;
    }
}
