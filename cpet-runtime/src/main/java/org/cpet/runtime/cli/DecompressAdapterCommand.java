package org.cpet.runtime.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.cpet.runtime.adapter.AdapterWork;
import org.cpet.runtime.plugin.PluginCatalog;
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

    @Mixin
    private AdapterOutput output;

    @Mixin
    private Plugins plugins;

    @Override
    public Integer call() {
        try (PluginCatalog catalog = plugins.open()) {
            AdapterWork work = new AdapterWork(catalog, new NoticingContext(0));
            return output.write(adapter, work::decompress);
        }
    }
}
