package org.cpet.runtime.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cpet.runtime.adapter.AdapterTrial;
import org.cpet.runtime.adapter.AdapterWork;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.script.Methods;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cpet adapter compress}. */
@Command(
        name = "compress",
        mixinStandardHelpOptions = true,
        description = "Writes an adapter 8 to 50 times smaller; the directory works wherever the adapter did.",
        footer = {
            "",
            "Examples:",
            "  cpet adapter compress --adapter DIR --density 0.05 --alpha 1 --output SMALL",
            "  cpet adapter compress --adapter RUN/adapter --alpha auto --recipe RUN/recipe.yaml --output SMALL"
        })
final class CompressAdapterCommand implements Callable<Integer> {
    private static final String AUTO = "auto";

    @Option(names = "--adapter", required = true, description = "adapter directory, with its recovery module if any")
    private Path adapter;

    @Option(names = "--codec", defaultValue = "compeft", description = "adapter codec (default: ${DEFAULT-VALUE})")
    private String codec;

    @Option(names = "--density", description = "share of entries that keep their sign")
    private @Nullable String density;

    @Option(names = "--alpha", description = "factor of the scale, or auto: that of the lowest loss on validation rows")
    private @Nullable String alpha;

    @Option(names = "--per-tensor", description = "a scale for each tensor")
    private boolean perTensor;

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
        boolean choose = AUTO.equals(alpha);
        if (choose != model.given()) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    choose
                            ? "--alpha auto chooses by the loss on rows of data; allowed with --recipe, or --model and --data"
                            : "--recipe, or --model and --data, choose alpha; allowed with --alpha auto");
        }
        return output.write(adapter, paths -> model.with(plugins, adapter, trial -> compress(paths, trial)));
    }

    private Map<String, Object> compress(AdapterWork.Paths paths, Optional<AdapterTrial> trial) {
        try (PluginCatalog catalog = plugins.open()) {
            return new AdapterWork(catalog, new NoticingContext(0))
                    .compress(paths, Methods.codec(catalog, codec, options()), trial);
        }
    }

    private List<String> options() {
        settings.with("density", density);
        settings.with("alpha", AUTO.equals(alpha) ? null : alpha);
        return settings.with("per_tensor", perTensor ? "true" : null);
    }
}
