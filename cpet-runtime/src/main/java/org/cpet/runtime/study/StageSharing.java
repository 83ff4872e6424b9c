package org.cpet.runtime.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.checkpoint.SharedStages;
import org.cpet.runtime.checkpoint.StudyDirectory;
import org.cpet.runtime.recipe.Paradigm;

/** Gives a cell that has not begun the stages that other cells have finished from the same sections and seed. */
final class StageSharing {
    private final StudyDirectory directory;
    private final SharedStages stages;
    private final List<Cell> cells;

    StageSharing(StudyDirectory directory, SharedStages stages, List<Cell> cells) {
        this.directory = directory;
        this.stages = stages;
        this.cells = List.copyOf(cells);
    }

    /** The stages given. */
    List<String> give(Cell cell) {
        Path target = directory.cell(cell.key());
        if (stages.begun(target)) {
            return List.of();
        }
        Map<String, Path> found = new LinkedHashMap<>();
        cell.stages().forEach((paradigm, key) -> {
            boolean measured = cell.recipe().evaluation().compare().contains(paradigm);
            boolean taught =
                    paradigm == Paradigm.TEACHER && cell.recipe().teacher().isPresent();
            if (measured || taught) {
                donor(cell, paradigm, key, measured).ifPresent(run -> found.put(paradigm.key(), run));
            }
        });
        if (!found.isEmpty()) {
            stages.give(target, cell.recipe().yaml(), found);
        }
        return new ArrayList<>(found.keySet());
    }

    private Optional<Path> donor(Cell cell, Paradigm paradigm, String key, boolean measured) {
        return cells.stream()
                .filter(other -> !other.key().equals(cell.key())
                        && key.equals(other.stages().get(paradigm)))
                .map(other -> directory.cell(other.key()))
                .filter(run -> stages.has(run, paradigm.key(), measured))
                .findFirst();
    }
}
