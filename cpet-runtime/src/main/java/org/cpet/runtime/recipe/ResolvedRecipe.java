package org.cpet.runtime.recipe;

import java.nio.file.Path;
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

/**
 * A recipe with every name found, every key bound and every default filled in. A missing section switches its part off.
 *
 * @param source the files of {@code data} and what reads them; there whenever {@code data} is
 * @param taskLoss a loss in place of the task's own
 * @param metrics those of {@code evaluation}, in its order
 * @param tree the recipe as written, for the places of later problems
 * @param yaml the resolved recipe as written to the run directory
 */
public record ResolvedRecipe(
        String name,
        long seed,
        ModelSection model,
        Optional<DataSection> data,
        Optional<DataSource> source,
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
        EvaluationSection evaluation,
        List<Configured<MetricMethod>> metrics,
        ExportSection export,
        List<GateSection> gates,
        ConfigTree tree,
        String yaml) {
    public ResolvedRecipe {
        compression = List.copyOf(compression);
        metrics = List.copyOf(metrics);
        gates = List.copyOf(gates);
    }

    /** Whether there is a C: something is compressed, or found superfluous early. */
    public boolean changesModel() {
        return estimation.isPresent() || !compression.isEmpty();
    }

    /** What relative paths were resolved against. */
    public Path folder() {
        return tree.folder();
    }
}
