package org.cpet.runtime.script;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.loss.TeacherOutput;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TrainableModule;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.AdamWSettings;
import org.cpet.spi.tensor.Ops;

/**
 * The trace of a compressed student with recovery and distillation: L = L_task + α · L_DIST (paper, Eq. 4 and 5), the
 * teacher's answers computed once.
 */
final class TeacherTrace {
    private final Ops ops;
    private final TaskLoss task;
    private final DistillationLoss distillation;
    private final TokenBatch batch;

    TeacherTrace(Ops ops, TaskLoss task, DistillationLoss distillation, TokenBatch batch) {
        this.ops = ops;
        this.task = task;
        this.distillation = distillation;
        this.batch = batch;
    }

    Map<String, NDArray> run(
            TransformerModel teacher,
            TransformerModel student,
            List<? extends TrainableModule> modules,
            int steps,
            AdamWSettings settings) {
        Map<String, NDArray> results = new LinkedHashMap<>();
        results.put("teacher_logits", logits(teacher));
        TeacherOutput answers = new TeacherOutput(Map.of(OutputKind.LOGITS, results.get("teacher_logits")));
        results.put("student_logits", logits(student));
        parts(student, answers, results);
        results.putAll(
                new GradientTrace(ops, new ArrayList<>(modules), () -> total(student, answers)).run(steps, settings));
        return results;
    }

    private NDArray total(TransformerModel student, TeacherOutput answers) {
        ModelOutput output = student.forward(batch, ForwardMode.EXACT);
        NDArray distance = distillation.loss(output, answers, batch);
        return task.loss(output, batch).add(ops.scale(distance, distillation.alpha()));
    }

    private void parts(TransformerModel student, TeacherOutput answers, Map<String, NDArray> results) {
        try (Ops.Scope scope = ops.scope()) {
            ModelOutput output = student.forward(batch, ForwardMode.EXACT);
            NDArray owner = batch.inputIds();
            NDArray taskLoss = task.loss(output, batch);
            NDArray distance = distillation.loss(output, answers, batch);
            String total = "total_alpha_" + alpha(distillation.alpha());
            results.put(total, scope.keep(taskLoss.add(ops.scale(distance, distillation.alpha())), owner));
            results.put("task_loss", scope.keep(taskLoss, owner));
            results.put("distill_mse_mean", scope.keep(distance, owner));
        }
    }

    private NDArray logits(TransformerModel model) {
        try (Ops.Scope scope = ops.scope()) {
            return scope.keep(model.forward(batch, ForwardMode.EXACT).requireLogits(), batch.inputIds());
        }
    }

    private static String alpha(double alpha) {
        return alpha == Math.rint(alpha) ? String.format(Locale.ROOT, "%.0f", alpha) : Double.toString(alpha);
    }
}
