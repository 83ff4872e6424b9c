package org.cpet.runtime.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.cpet.runtime.Cpet;
import org.cpet.runtime.engine.KernelProfile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which kernels compute, for commands whose last digits and speed depend on them. */
final class Kernels {
    @Option(
            names = "--kernels",
            paramLabel = "FILE",
            description = "kernel choice to use instead of measuring, such as kernels.json of a run")
    private @Nullable Path file;

    /** What the file says, if one is named. */
    Optional<KernelProfile> profile() {
        return Optional.ofNullable(file).map(KernelProfile::read);
    }

    /** The same for the public API. */
    Cpet.Builder into(Cpet.Builder builder) {
        return file == null ? builder : builder.kernels(file);
    }
}
