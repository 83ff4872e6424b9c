package org.cpet.runtime.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cpet.runtime.adapter.AdapterWork;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cpet adapter info}. */
@Command(
        name = "info",
        mixinStandardHelpOptions = true,
        description = "Says what an adapter directory holds and how near another is; unpacks neither.")
final class AdapterInfoCommand implements Callable<Integer> {
    @Parameters(index = "0", arity = "0..1", paramLabel = "DIR", description = "adapter directory")
    private @Nullable Path directory;

    @Option(names = "--adapter", paramLabel = "DIR", description = "the same")
    private @Nullable Path adapter;

    @Option(names = "--initial", paramLabel = "DIR", description = "what it was compressed against, if anything")
    private @Nullable Path initial;

    @Option(names = "--compare", paramLabel = "DIR", description = "another compressed adapter of the same tensors")
    private @Nullable Path other;

    @Option(names = "--json", description = "print one JSON document")
    private boolean json;

    @Mixin
    private Plugins plugins;

    @Override
    public Integer call() {
        Path found = directory == null ? adapter : directory;
        if (found == null || (directory != null && adapter != null)) {
            throw new CpetException(ExitCode.RECIPE, "cpet adapter info takes one adapter directory");
        }
        try (PluginCatalog catalog = plugins.open()) {
            AdapterCommand.print(
                    new AdapterWork(catalog, new NoticingContext(0))
                            .info(found, Optional.ofNullable(initial), Optional.ofNullable(other)),
                    json);
            return 0;
        }
    }
}
