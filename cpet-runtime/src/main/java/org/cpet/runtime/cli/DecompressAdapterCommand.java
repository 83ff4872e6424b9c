package org.cpet.runtime.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cpet.runtime.adapter.AdapterWork;
import org.cpet.runtime.plugin.PluginCatalog;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cpet adapter decompress}. */
@Command(
        name = "decompress",
        mixinStandardHelpOptions = true,
        description = "Writes a compressed adapter as the dense directory it stands for.")
final class DecompressAdapterCommand implements Callable<Integer> {
    @Option(names = "--adapter", required = true, description = "compressed adapter directory")
    private Path adapter;

    @Option(names = "--initial", paramLabel = "DIR", description = "what it was compressed against, if anything")
    private @Nullable Path initial;

    @Option(names = "--output", required = true, description = "directory to write")
    private Path output;

    @Option(names = "--overwrite", description = "replace a directory that this command wrote")
    private boolean overwrite;

    @Option(names = "--json", description = "print one JSON document")
    private boolean json;

    @Mixin
    private Plugins plugins;

    @Override
    public Integer call() {
        try (PluginCatalog catalog = plugins.open()) {
            AdapterCommand.print(
                    new AdapterWork(catalog, new NoticingContext(0))
                            .decompress(
                                    new AdapterWork.Paths(adapter, Optional.ofNullable(initial), output, overwrite)),
                    json);
            return 0;
        }
    }
}
