package org.cpet.runtime.train;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.loss.TeacherOutput;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.tensor.Ops;

/**
 * L = L_task + Σ α · L_DIST over the terms of a distillation loss (paper, Eq. 4 and 5).
 *
 * @param task what the distances are added to
 */
record DistilledObjective(Ops ops, Objective task, DistillationLoss distillation, TeacherAnswers teacher)
        implements Objective {
    @Override
    public NDArray loss(ModelOutput student, MicroBatch batch, Share share) {
        TeacherOutput answers = teacher.of(batch);
        NDArray sum = task.loss(student, batch, share);
        for (DistillationLoss term : distillation.terms()) {
            NDArray distance = term.loss(student, answers, batch.tokens());
            sum = sum.add(ops.scale(distance, term.alpha() * part(term, student, share)));
        }
        return sum;
    }

    @Override
    public boolean hiddenStates() {
        return task.hiddenStates() || distillation.needs().stream().anyMatch(OutputKind::ofAllLayers);
    }

    @Override
    public void observe(long step) {
        task.observe(step);
    }

    @Override
    public Map<String, NDArray> state() {
        return task.state();
    }

    /** The share of what a distillation loss is a mean over. */
    private static double part(DistillationLoss term, ModelOutput student, Share share) {
        OutputKind kind = term.needs().iterator().next();
        if (term.perExample() || kind.of(student).getShape().dimension() == 2) {
            return share.examples();
        }
        boolean decoder = !kind.ofEncoder() && !student.decoderHiddenStates().isEmpty();
        return decoder ? share.labels() : share.tokens();
    }
}
