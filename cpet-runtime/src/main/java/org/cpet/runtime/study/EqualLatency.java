package org.cpet.runtime.study;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.cpet.runtime.config.ConfigNode;
import org.cpet.runtime.config.ConfigNode.Section;
import org.cpet.runtime.config.Message;
import org.cpet.runtime.config.Problems;
import org.cpet.runtime.recipe.Paradigm;
import org.cpet.runtime.study.Variant.Change;

/**
 * The honest row beside CPET: a smaller dense model with a PET, as fast as CPET when measured. The study file names
 * candidates, each a compression that leaves a dense model; after one step of training each is timed with its PET in
 * place, and the one closest to CPET's latency is trained in full.
 */
public record EqualLatency(List<Candidate> candidates) {
    static final String CANDIDATES = "dense_candidates";

    public EqualLatency {
        candidates = List.copyOf(candidates);
    }

    /**
     * A smaller dense model.
     *
     * @param probe one step of training, then timed
     * @param cells trained in full, one for each seed
     */
    public record Candidate(Variant variant, Cell probe, List<Cell> cells) {
        public Candidate {
            cells = List.copyOf(cells);
        }
    }

    record Draft(Variant variant, Expansion.Drafts probe, Expansion.Drafts cells) {}

    /** The candidate whose latency is closest to a given one; the first of equals. */
    Candidate closest(double latency, ToDoubleFunction<Cell> measured) {
        return candidates.stream()
                .min(Comparator.comparingDouble(
                        candidate -> Math.abs(measured.applyAsDouble(candidate.probe()) - latency)))
                .orElseThrow();
    }

    static List<Draft> drafts(StudyFile study, Expansion expansion, List<Long> seeds, Problems problems) {
        Optional<ConfigNode> given = study.tree().root().get(CANDIDATES);
        if (given.isEmpty() || study.options().study() != StudyKind.PARADIGMS) {
            return List.of();
        }
        if (!(given.get() instanceof Section section) || section.entries().isEmpty()) {
            problems.add(
                    given.get().place(),
                    Message.of(CANDIDATES + " is not a section")
                            .found(given.get().raw())
                            .allowed("names with lists of compressors, as {half: [{structured_pruning: {ffn: 0.5}}]}"));
            return List.of();
        }
        List<Draft> drafts = new ArrayList<>();
        section.entries().forEach((name, entry) -> {
            List<Change> changes = new ArrayList<>(List.of(
                    study.without("inheritance"),
                    study.without("recovery"),
                    study.without("distillation"),
                    new Change("compression", entry.value())));
            Variant variant =
                    new Variant("dense " + name + " + PET", Map.of(), changes, List.of(Paradigm.COMPRESSED_PET));
            List<Change> once = new ArrayList<>(changes);
            once.add(study.without("training.epochs"));
            once.add(study.change("training.max_steps", "1"));
            Variant probe = new Variant("timing of " + name, Map.of(), once, variant.rows());
            drafts.add(new Draft(
                    variant,
                    expansion.drafts(List.of(probe), seeds.subList(0, 1)),
                    expansion.drafts(List.of(variant), seeds)));
        });
        return drafts;
    }

    static Optional<EqualLatency> of(List<Draft> drafts, CellMaker maker) {
        List<Candidate> candidates = drafts.stream()
                .map(draft -> new Candidate(
                        draft.variant(), maker.cells(draft.probe()).get(0), maker.cells(draft.cells())))
                .toList();
        return candidates.isEmpty() ? Optional.empty() : Optional.of(new EqualLatency(candidates));
    }
}
