package org.cpet.runtime.recipe;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.recover.RecoveryMethod;

/**
 * A recipe with every name found, every key bound and every default filled in. A missing section switches its part off.
 *
 * @param folder what relative paths were resolved against
 * @param yaml the resolved recipe as written to the run directory
 */
public record ResolvedRecipe(
        Path folder,
        String name,
        long seed,
        ModelSection model,
        Optional<DataSection> data,
        Optional<Configured<PetMethod>> pet,
        Optional<TeacherSection> teacher,
        List<Configured<Compressor>> compression,
        Optional<InheritanceSection> inheritance,
        Optional<Configured<RecoveryMethod>> recovery,
        Optional<Configured<DistillationLoss>> distillation,
        Optional<TrainingSection> training,
        EvaluationSection evaluation,
        ExportSection export,
        List<GateSection> gates,
        String yaml) {
    public ResolvedRecipe {
        compression = List.copyOf(compression);
        gates = List.copyOf(gates);
    }
}
