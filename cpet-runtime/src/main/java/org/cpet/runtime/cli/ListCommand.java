package org.cpet.runtime.cli;

import java.util.concurrent.Callable;
import org.cpet.runtime.plugin.Listing;
import org.cpet.runtime.plugin.PluginCatalog;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cpet list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists what recipes can name, with options, defaults and ranges.",
        footer = {"", "Examples:", "  cpet list", "  cpet list compressor", "  cpet list pet lora"})
final class ListCommand implements Callable<Integer> {
    @Parameters(index = "0", arity = "0..1", paramLabel = "KIND", description = "compressor, pet, recovery, ...")
    private @Nullable String kind;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "a method")
    private @Nullable String name;

    @Option(names = "--json", description = "print one JSON document")
    private boolean json;

    @Mixin
    private Plugins plugins;

    @Override
    public Integer call() {
        try (PluginCatalog catalog = plugins.open()) {
            Listing listing = listing(catalog);
            System.out.print(json ? Json.write(listing.document()) + "\n" : listing.text());
            return 0;
        }
    }

    private Listing listing(PluginCatalog catalog) {
        if (kind == null) {
            return Listing.of(catalog);
        }
        return name == null ? Listing.of(catalog, kind) : Listing.of(catalog, kind, name);
    }
}
