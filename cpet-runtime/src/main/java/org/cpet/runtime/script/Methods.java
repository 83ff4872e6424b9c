package org.cpet.runtime.script;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.config.ConfigTree;
import org.cpet.runtime.config.OptionsBinder;
import org.cpet.runtime.config.Overrides;
import org.cpet.runtime.config.Problems;
import org.cpet.runtime.config.RecipeReader;
import org.cpet.runtime.plugin.Kind;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.plugin.PluginEntry;
import org.cpet.runtime.recipe.Configured;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExtensionFactory;
import org.cpet.spi.PluginContext;
import org.cpet.spi.adapter.AdapterCodec;
import org.cpet.spi.adapter.AdapterMerger;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.recover.RecoveryMethod;

/** Methods by name with options given in code instead of a recipe. */
public final class Methods {
    private Methods() {}

    /** The default task loss. */
    public static TaskLoss crossEntropy(PluginCatalog catalog, PluginContext context) {
        return Methods.<TaskLoss>named(catalog, Kind.TASK_LOSS, "cross_entropy", Map.of())
                .create(context);
    }

    /** A PET method. */
    public static PetMethod pet(
            PluginCatalog catalog, String name, Map<String, Object> options, PluginContext context) {
        return Methods.<PetMethod>named(catalog, Kind.PET, name, options).create(context);
    }

    /** A compressor. */
    public static Compressor compressor(
            PluginCatalog catalog, String name, Map<String, Object> options, PluginContext context) {
        return Methods.<Compressor>named(catalog, Kind.COMPRESSOR, name, options)
                .create(context);
    }

    /** A distillation loss. */
    public static DistillationLoss distillation(
            PluginCatalog catalog, String name, Map<String, Object> options, PluginContext context) {
        return Methods.<DistillationLoss>named(catalog, Kind.DISTILLATION, name, options)
                .create(context);
    }

    /** A recovery method. */
    public static RecoveryMethod recovery(
            PluginCatalog catalog, String name, Map<String, Object> options, PluginContext context) {
        return Methods.<RecoveryMethod>named(catalog, Kind.RECOVERY, name, options)
                .create(context);
    }

    /** An adapter codec; {@code settings} as in {@code alpha=2}. */
    public static Configured<AdapterCodec> codec(PluginCatalog catalog, String name, List<String> settings) {
        return named(catalog, Kind.ADAPTER_CODEC, name, Map.of(), settings);
    }

    /** An adapter merger; {@code settings} as in {@code lambda=0.5}. */
    public static Configured<AdapterMerger> merger(PluginCatalog catalog, String name, List<String> settings) {
        return named(catalog, Kind.ADAPTER_MERGER, name, Map.of(), settings);
    }

    private static <T> Configured<T> named(PluginCatalog catalog, Kind kind, String name, Map<String, Object> options) {
        return named(catalog, kind, name, options, List.of());
    }

    @SuppressWarnings("unchecked") // a kind's service type fixes what its factories make
    private static <T> Configured<T> named(
            PluginCatalog catalog, Kind kind, String name, Map<String, Object> options, List<String> settings) {
        PluginEntry entry = catalog.find(kind, name).orElseThrow(() -> {
            PluginCatalog.Unknown unknown = catalog.unknown(kind, name);
            return new CpetException(unknown.exitCode(), unknown.message().toString());
        });
        return new Configured<>((ExtensionFactory<T, ?>) entry.factory(), bind(entry, options, settings));
    }

    private static Record bind(PluginEntry entry, Map<String, Object> options, List<String> settings) {
        Problems problems = new Problems();
        Path folder = Path.of("").toAbsolutePath();
        ConfigTree given = new RecipeReader(problems).read(entry.name(), folder, options);
        ConfigTree tree = new Overrides(problems).apply(given, settings);
        Record bound = new OptionsBinder(folder, problems)
                .bind(entry.optionsType(), entry.name(), tree.root())
                .map(Record.class::cast)
                .orElse(null);
        problems.throwIfAny();
        if (bound == null) {
            throw new IllegalStateException(entry.name() + " was not bound, and no problem says why");
        }
        return bound;
    }
}
