package org.cpet.runtime.study;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.cpet.runtime.checkpoint.NioRunFiles;
import org.cpet.runtime.checkpoint.SharedStages;
import org.cpet.runtime.checkpoint.StudyDirectory;
import org.cpet.runtime.recipe.Paradigm;
import org.cpet.runtime.study.EqualLatency.Candidate;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/** Runs the cells of a plan that are not done yet, one after the other, and writes what they show after each. */
public final class Study {
    private final StudyPlan plan;
    private final CellRunner runner;
    private final BooleanSupplier cancelled;
    private final StudyListener listener;
    private final Budget budget;
    private final Map<Cell, CellState> states = new LinkedHashMap<>();
    private final Map<String, String> messages = new LinkedHashMap<>();
    private final List<Variant> variants;
    private final List<String> notices = new ArrayList<>();

    public Study(StudyPlan plan, CellRunner runner, BooleanSupplier cancelled, StudyListener listener) {
        this.plan = plan;
        this.runner = runner;
        this.cancelled = cancelled;
        this.listener = listener;
        this.budget = new Budget(plan.options().budget(), System::nanoTime);
        this.variants = new ArrayList<>(plan.variants());
        plan.cells().forEach(cell -> states.put(cell, CellState.LEFT));
        plan.equalLatency()
                .ifPresent(dense ->
                        dense.candidates().forEach(candidate -> states.put(candidate.probe(), CellState.LEFT)));
    }

    /**
     * Runs what is left.
     *
     * @return what was found and written
     * @throws CpetException when a cell failed other than by diverging, or when cancelled; what is done stays done
     */
    public StudyOutputs run(Path output) {
        try (StudyDirectory directory =
                StudyDirectory.open(output, plan.text(), new NioRunFiles(), InstantSource.system())) {
            plan.notices().forEach(listener::notice);
            Findings findings = new Findings(plan, variants, states, messages, notices, directory);
            StudyOutputs outputs = new StudyOutputs(findings);
            try {
                runAll(List.copyOf(states.keySet()), directory, outputs);
                addDense(findings, directory, outputs);
            } finally {
                outputs.write();
            }
            return outputs;
        }
    }

    private void runAll(List<Cell> cells, StudyDirectory directory, StudyOutputs outputs) {
        for (Cell cell : cells) {
            if (!states.getOrDefault(cell, CellState.LEFT).finished()) {
                int number = new ArrayList<>(states.keySet()).indexOf(cell) + 1;
                CellState state = run(cell, number, directory);
                states.put(cell, state);
                listener.ended(number, states.size(), cell, state, messages.getOrDefault(cell.key(), ""));
                if (state == CellState.DONE) {
                    outputs.write();
                }
            }
        }
    }

    private CellState run(Cell cell, int number, StudyDirectory directory) {
        if (directory.result(cell.key()).isPresent()) {
            return CellState.REUSED;
        }
        if (cancelled.getAsBoolean()) {
            throw new CpetException(
                    ExitCode.INTERRUPTED,
                    "interrupted before " + cell.title() + "; the same command continues from there");
        }
        if (budget.spent(number)) {
            return CellState.LEFT;
        }
        List<String> shared = new StageSharing(
                        directory, new SharedStages(new NioRunFiles()), List.copyOf(states.keySet()))
                .give(cell);
        listener.started(number, states.size(), cell, shared);
        try {
            runner.run(
                    cell.recipe(), directory.cell(cell.key()), () -> cancelled.getAsBoolean() || budget.spent(number));
            return CellState.DONE;
        } catch (CpetException e) {
            if (e.exitCode() == ExitCode.DIVERGED) {
                messages.put(cell.key(), String.valueOf(e.getMessage()));
                return CellState.FAILED;
            }
            if (e.exitCode() == ExitCode.INTERRUPTED && !cancelled.getAsBoolean()) {
                return CellState.LEFT;
            }
            throw e;
        }
    }

    /** The smaller dense model that is as fast as CPET, once both are measured. */
    private void addDense(Findings findings, StudyDirectory directory, StudyOutputs outputs) {
        if (plan.equalLatency().isEmpty() || !findings.complete()) {
            return;
        }
        double latency = findings.lines().stream()
                .filter(line -> line.row() == Paradigm.CPET)
                .findFirst()
                .orElseThrow()
                .latency()
                .mean();
        Candidate chosen = plan.equalLatency().get().closest(latency, probe -> timed(directory, probe));
        notices.add(String.format(
                Locale.ROOT,
                "of %d smaller dense models, '%s' is closest to CPET's %.2f ms: %.2f ms with its PET after one step",
                plan.equalLatency().get().candidates().size(),
                chosen.variant().name(),
                latency,
                timed(directory, chosen.probe())));
        variants.add(chosen.variant());
        chosen.cells().forEach(cell -> states.putIfAbsent(cell, CellState.LEFT));
        runAll(chosen.cells(), directory, outputs);
    }

    private static double timed(StudyDirectory directory, Cell probe) {
        return directory
                .result(probe.key())
                .orElseThrow()
                .path("rows")
                .path(0)
                .path("latency_ms")
                .asDouble(Double.NaN);
    }
}
