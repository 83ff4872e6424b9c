package org.cpet.runtime.recipe;

import java.util.List;
import java.util.Optional;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModulePlan;

/**
 * What a recipe's methods would do to a model's layout.
 *
 * @param original M
 * @param steps the layout after estimation and after each compressor, in order
 * @param petOnOriginal what P adds to M, with a teacher
 * @param petOnStudent what P adds to C, with compression
 * @param recovery what R adds to C
 */
public record LayoutPlan(
        ModelLayout original,
        List<Step> steps,
        Optional<ModulePlan> petOnOriginal,
        Optional<ModulePlan> petOnStudent,
        Optional<ModulePlan> recovery) {
    public LayoutPlan {
        steps = List.copyOf(steps);
    }

    /** C; M without compression. */
    public ModelLayout student() {
        return steps.isEmpty() ? original : steps.get(steps.size() - 1).layout();
    }

    /** The layout that healing works on: the last one before a compressor packs weights; C where none does. */
    public ModelLayout healed() {
        ModelLayout before = original;
        for (Step step : steps) {
            if (DenseLayers.packs(before, step.layout())) {
                return before;
            }
            before = step.layout();
        }
        return before;
    }

    /** Whether the first compressor packs weights already, so that nothing comes before healing. */
    boolean packsAtOnce() {
        return !steps.isEmpty() && DenseLayers.packs(original, steps.get(0).layout());
    }

    /** The layout after a compressor. */
    public record Step(String method, ModelLayout layout) {}
}
