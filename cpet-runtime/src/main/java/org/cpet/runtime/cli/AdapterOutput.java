package org.cpet.runtime.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.cpet.runtime.adapter.AdapterWork;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What commands that write an adapter directory have in common. */
final class AdapterOutput {
    @Option(
            names = "--initial",
            paramLabel = "DIR",
            description = "adapter or model that training started from, where that is not implied")
    private @Nullable Path initial;

    @Option(names = "--output", required = true, description = "directory to write")
    private Path output;

    @Option(names = "--overwrite", description = "replace a directory that this command wrote")
    private boolean overwrite;

    @Option(names = "--json", description = "print one JSON document")
    private boolean json;

    /** Refuses an output that cannot be before any work is done, then prints what the work says of what it wrote. */
    Integer write(Path adapter, Function<AdapterWork.Paths, Map<String, Object>> work) {
        AdapterWork.Paths paths = new AdapterWork.Paths(adapter, Optional.ofNullable(initial), output, overwrite);
        paths.check();
        AdapterCommand.print(work.apply(paths), json);
        return 0;
    }
}
