package org.cpet.runtime.train;

import static org.cpet.runtime.recipe.Paradigm.*;

import jakarta.inject.Inject;
import java.util.Optional;
import org.cpet.spi.estimate.EstimationMethod;
import org.cpet.spi.estimate.Selection;
import org.cpet.spi.model.TransformerModel;

/**
 * The paper's section 3, in its order: tune a PET on the original model, compress, carry the PET over, add recovery,
 * train both on the task and on the teacher's answers. A part whose section a recipe leaves out is not there.
 */
public record InheritThenRecover(Models models, TaskModules modules, Stages stages) {
    @Inject
    public InheritThenRecover {}

    /** Runs every stage that is not done yet and measures the rows of the table. */
    public void run() {
        modules.estimation().ifPresent(this::estimate);
        Optional<TaskModule> taught = modules.teacher().map(teacher -> teach(models.original(), teacher)); // M
        if (models.compresses()) {
            TransformerModel student = compress(taught); // C
            stages.measure(COMPRESSED, modules.none(student));
            compare(student, taught);
            recover(student, taught);
        }
    }

    /** A few early steps on M find what of M and of P is not worth training; C starts without it (Light-PEFT). */
    private void estimate(EstimationMethod method) {
        try (TaskModule early = modules.fresh(models.original())) {
            Selection chosen = stages.estimate(method, early);
            models.narrow(chosen);
            modules.startFrom(EarlyPet.of(stages.ops(), chosen.ranks(), early));
        }
    }

    /** P(M), trained on the task: min L(θ_P; θ_M) (Eq. 2), or brought along. */
    private TaskModule teach(TransformerModel original, TaskModules.Attachment teacher) {
        TaskModule taught = teacher.attach(original);
        stages.train(TEACHER, taught, Optional.empty(), stages::task);
        stages.measure(TEACHER, taught);
        return taught;
    }

    /** Before its weights are packed, C may learn on plain text, without the task, to compute what M does. */
    private TransformerModel compress(Optional<TaskModule> taught) {
        if (stages.heals()) {
            models.healBy(student -> stages.heal(student, models.original(), taught));
        }
        return models.compressed();
    }

    /** What CPET is compared with: a PET that learns on C alone. */
    private void compare(TransformerModel student, Optional<TaskModule> taught) {
        if (stages.wants(COMPRESSED_PET)) {
            try (TaskModule fresh = modules.attach(student)) {
                stages.train(COMPRESSED_PET, fresh, taught, stages::task);
                stages.measure(COMPRESSED_PET, fresh);
            }
        }
    }

    /** P(C) starts from P(M) (3.3), R joins it (3.4), both learn from L = L_task + α L_DIST (Eq. 4 and 5). */
    private void recover(TransformerModel student, Optional<TaskModule> taught) {
        if (stages.wants(INHERITED) || stages.wants(CPET)) {
            try (TaskModule module = modules.attach(student)) {
                modules.inherit(taught, module);
                stages.measure(INHERITED, module);
                modules.recover(module);
                stages.train(CPET, module, taught, () -> stages.taskAndDistillation(taught));
                stages.measure(CPET, module);
            }
        }
    }
}
