package org.cpet.runtime.recipe;

import java.util.List;
import java.util.Optional;
import org.cpet.runtime.config.ConfigTree;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.estimate.EstimationMethod;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.metric.MetricMethod;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.recover.RecoveryMethod;

/** The sections that could be bound; one that is missing or has a problem is empty. */
record BoundRecipe(
        Optional<HeaderSection> header,
        Optional<ModelSection> model,
        Optional<DataSection> data,
        Optional<Configured<PetMethod>> pet,
        Optional<TeacherSection> teacher,
        Optional<Configured<EstimationMethod>> estimation,
        List<Configured<Compressor>> compression,
        Optional<Healing> healing,
        Optional<InheritanceSection> inheritance,
        Optional<Configured<RecoveryMethod>> recovery,
        Optional<Configured<DistillationLoss>> distillation,
        Optional<Configured<TaskLoss>> taskLoss,
        Optional<TrainingSection> training,
        Optional<EvaluationSection> evaluation,
        List<Configured<MetricMethod>> metrics,
        Optional<ExportSection> export,
        List<GateSection> gates) {

    /** The recipe, once nothing is wrong with it. */
    ResolvedRecipe resolved(ConfigTree tree, Optional<DataSource> source, List<Paradigm> rows) {
        HeaderSection top = header.orElseThrow();
        EvaluationSection written = evaluation.orElseThrow();
        EvaluationSection measured = new EvaluationSection(written.metrics(), rows, written.batch_size());
        BoundRecipe settled = new BoundRecipe(
                header,
                model,
                data,
                pet,
                teacher,
                estimation,
                compression,
                healing,
                inheritance,
                recovery,
                distillation,
                taskLoss,
                training,
                Optional.of(measured),
                metrics,
                export,
                gates);
        return new ResolvedRecipe(
                top.name(),
                top.seed(),
                model.orElseThrow(),
                data,
                source,
                pet,
                teacher,
                estimation,
                compression,
                healing,
                inheritance,
                recovery,
                distillation,
                taskLoss,
                training,
                measured,
                metrics,
                export.orElseThrow(),
                gates,
                tree,
                ResolvedYaml.of(settled, source));
    }
}
