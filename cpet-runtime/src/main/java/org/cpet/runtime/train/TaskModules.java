package org.cpet.runtime.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.cpet.runtime.recipe.InheritanceSection;
import org.cpet.runtime.recipe.InheritanceSection.OnShapeMismatch;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.estimate.EstimationMethod;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.recover.RecoveryMethod;
import org.cpet.spi.tensor.Ops;

/** Puts P, the classification head and R into models, as a recipe's sections say. */
public final class TaskModules {
    private final Ops ops;
    private final Optional<Attachment> teacher;
    private final Optional<PetMethod> pet;
    private final Optional<EstimationMethod> estimation;
    private final Optional<InheritanceSection> inheritance;
    private final Optional<RecoveryMethod> recovery;
    private final CalibrationData calibration;
    private final Consumer<String> notices;
    private Optional<EarlyPet> early = Optional.empty();

    /**
     * Made from the sections of a recipe; the teacher's PET may be another one than the student's, if it was imported.
     *
     * @param calibration rows that a projection is fitted on
     * @param notices told what was projected
     */
    public TaskModules(
            Ops ops,
            Optional<Attachment> teacher,
            Optional<PetMethod> pet,
            Optional<EstimationMethod> estimation,
            Optional<InheritanceSection> inheritance,
            Optional<RecoveryMethod> recovery,
            CalibrationData calibration,
            Consumer<String> notices) {
        this.ops = ops;
        this.teacher = teacher;
        this.pet = pet;
        this.estimation = estimation;
        this.inheritance = inheritance;
        this.recovery = recovery;
        this.calibration = calibration;
        this.notices = notices;
    }

    /** Puts something into a model. */
    @FunctionalInterface
    public interface Attachment {
        TaskModule attach(TransformerModel model);
    }

    /** P(M), when there is a teacher. */
    public Optional<Attachment> teacher() {
        return teacher;
    }

    /** The model as it is, with its own head. */
    public TaskModule none(TransformerModel model) {
        return new TaskModule(model, Optional.empty(), TrainableClassifier.none(ops));
    }

    /** How early steps find what is worth training, where the recipe asks for it. */
    Optional<EstimationMethod> estimation() {
        return estimation;
    }

    /** A fresh P and a trainable head for M. */
    TaskModule fresh(TransformerModel model) {
        return attach(ops, pet, model);
    }

    /** From now on P starts from what an estimation left of it. */
    public void startFrom(EarlyPet left) {
        early = Optional.of(left);
    }

    /** P and a trainable head for C: fresh ones, or what an estimation left. */
    public TaskModule attach(TransformerModel model) {
        TaskModule module = fresh(model);
        early.ifPresent(left -> left.into(module));
        return module;
    }

    /** P of a given method and a trainable head. */
    public static TaskModule attach(Ops ops, Optional<PetMethod> method, TransformerModel model) {
        Optional<PetModule> module = method.map(kind -> kind.attach(model));
        // full fine-tuning trains the head itself
        return new TaskModule(
                model,
                module,
                TrainableClassifier.attach(
                        ops,
                        model,
                        module.map(PetModule::parameters).orElse(List.of()).stream()
                                .map(parameter -> parameter.name())
                                .collect(Collectors.toSet())));
    }

    /** R joins the module of a compressed model. */
    public void recover(TaskModule module) {
        recovery.ifPresent(method -> module.join(method.attach(module.model())));
    }

    /**
     * θ_P(C) ← θ_P(M), cut to the rows and columns that compression kept; the head likewise.
     *
     * @throws CpetException when less is carried over than the recipe asks for
     */
    public void inherit(Optional<TaskModule> taught, TaskModule fresh) {
        if (inheritance.isPresent() && taught.isPresent()) {
            Lineage lineage = Lineage.of(fresh.model());
            List<InheritanceReport> reports = new ArrayList<>();
            fresh.pet()
                    .ifPresent(module -> reports.add(
                            projected(module.inherit(taught.get().state(), lineage), taught.get(), fresh, lineage)));
            reports.add(fresh.classifier().inherit(taught.get().state(), lineage));
            check(inheritance.get(), joined(reports));
        }
    }

    private static InheritanceReport joined(List<InheritanceReport> reports) {
        return new InheritanceReport(
                reports.stream().flatMap(report -> report.inherited().stream()).toList(),
                reports.stream().flatMap(report -> report.sliced().stream()).toList(),
                reports.stream().flatMap(report -> report.missed().stream()).toList(),
                reports.get(0).projected());
    }

    /** What kept indices could not carry over is fitted, where the recipe asks for it. */
    private InheritanceReport projected(
            InheritanceReport report, TaskModule taught, TaskModule fresh, Lineage lineage) {
        boolean asked = inheritance.isPresent() && inheritance.get().on_shape_mismatch() == OnShapeMismatch.PROJECT;
        if (!asked || report.missed().isEmpty()) {
            return report;
        }
        return Projection.complete(report, taught, fresh, lineage, new Projection(ops, calibration), notices);
    }

    private static void check(InheritanceSection section, InheritanceReport report) {
        if (section.on_shape_mismatch() == OnShapeMismatch.ERROR
                && !report.sliced().isEmpty()) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    "inheritance.on_shape_mismatch; found " + report.sliced().size()
                            + " tensors of another shape, first "
                            + report.sliced().get(0)
                            + "; allowed none with 'error', cut ones with 'slice'");
        }
        if (report.coverage() < section.min_coverage()) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    String.format(
                            Locale.ROOT,
                            "inheritance covers %.3f of the tensors, less than min_coverage %.3f; found %s",
                            report.coverage(),
                            section.min_coverage(),
                            report.missed().get(0)));
        }
    }
}
