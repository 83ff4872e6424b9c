package org.cpet.runtime.recipe;

import java.nio.file.Path;
import java.util.Optional;
import org.cpet.spi.Option;
import org.cpet.spi.Options;

/** P(M): trained here (paper, Eq. 2), or a PEFT directory made elsewhere. */
public record TeacherSection(
        @Option(description = "how the PET on the original model is trained")
        Optional<TrainingSection> training,

        @Option(description = "a PEFT adapter directory to import instead")
        Optional<Path> adapter) {
    public TeacherSection {
        Options.check(
                training.isPresent() != adapter.isPresent(), "teacher needs exactly one of 'training' and 'adapter'");
    }
}
