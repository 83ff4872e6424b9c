package org.cpet.runtime.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cpet.runtime.adapter.AdapterTrial;
import org.cpet.runtime.adapter.AdapterWork;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.script.Methods;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cpet adapter merge}. */
@Command(
        name = "merge",
        mixinStandardHelpOptions = true,
        description = "Makes one adapter of several, compressed or not; a classifier comes from the first.",
        footer = {
            "",
            "Examples:",
            "  cpet adapter merge --adapter A --adapter B --method ties --output MERGED",
            "  cpet adapter merge --adapter A --adapter B --method lorahub --recipe RECIPE --rows 32 --output MERGED"
        })
final class MergeAdaptersCommand implements Callable<Integer> {
    @Option(names = "--adapter", required = true, description = "adapter directory; repeated")
    private List<Path> adapters = new ArrayList<>();

    @Option(
            names = "--method",
            required = true,
            description = "adapter merger, such as ties; see `cpet list adapter_merger`")
    private String method;

    @Option(names = "--lambda", description = "factor of the merged change, for methods with one")
    private @Nullable String lambda;

    @Option(names = "--seed", defaultValue = "42", description = "of methods that search (default: ${DEFAULT-VALUE})")
    private long seed;

    @Mixin
    private AdapterOutput output;

    @Mixin
    private MethodSettings settings;

    @Mixin
    private AdapterModel model;

    @Mixin
    private Plugins plugins;

    @Override
    public Integer call() {
        model.given();
        Path first = adapters.get(0);
        return output.write(first, paths -> model.with(plugins, first, trial -> merge(paths, trial)));
    }

    private Map<String, Object> merge(AdapterWork.Paths paths, Optional<AdapterTrial> trial) {
        try (PluginCatalog catalog = plugins.open()) {
            return new AdapterWork(catalog, new NoticingContext(seed))
                    .merge(adapters, paths, Methods.merger(catalog, method, settings.with("lambda", lambda)), trial);
        }
    }
}
