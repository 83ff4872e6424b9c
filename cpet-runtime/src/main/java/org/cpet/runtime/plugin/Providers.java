package org.cpet.runtime.plugin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Spliterator;
import org.cpet.runtime.config.OptionSpec;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.ExtensionFactory;

/** Loads the providers of one kind, each in its own try: a broken one never hides the rest. */
final class Providers {
    private final Kind kind;
    private final ClassLoader loader;
    private final Map<String, Origin> pending;
    private final List<PluginEntry> entries = new ArrayList<>();
    private final List<PluginFailure> failures = new ArrayList<>();

    private Providers(Kind kind, ClassLoader loader, Map<String, Origin> announced) {
        this.kind = kind;
        this.loader = loader;
        this.pending = new LinkedHashMap<>(announced);
    }

    static Providers load(Kind kind, ClassLoader loader, Map<String, Origin> announced) {
        Providers providers = new Providers(kind, loader, announced);
        providers.load(kind.serviceType());
        return providers;
    }

    List<PluginEntry> entries() {
        return entries;
    }

    List<PluginFailure> failures() {
        return failures;
    }

    private <F extends ExtensionFactory<?, ?>> void load(Class<F> type) {
        Spliterator<ServiceLoader.Provider<F>> found =
                ServiceLoader.load(type, loader).stream().spliterator();
        boolean more = true;
        int failuresLeft = 2 * pending.size();
        while (more) {
            try {
                more = found.tryAdvance(this::make);
            } catch (ServiceConfigurationError | LinkageError e) {
                // a class that cannot be loaded leaves no provider; the loader goes on with the next line
                culprit(e);
                more = failuresLeft-- > 0;
            }
        }
    }

    private void culprit(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        String className = pending.keySet().stream()
                .filter(name -> message.contains(name) || message.contains(name.replace('.', '/')))
                .max(Comparator.comparingInt(String::length))
                .orElseGet(() -> pending.keySet().stream().findFirst().orElse(""));
        Origin origin = pending.remove(className);
        if (origin != null) {
            failures.add(new PluginFailure(Optional.of(kind), className, origin, cause));
        }
    }

    private void make(ServiceLoader.Provider<? extends ExtensionFactory<?, ?>> provider) {
        String className = provider.type().getName();
        Origin origin = pending.remove(className);
        if (origin == null) {
            return;
        }
        try {
            ExtensionFactory<?, ?> factory = provider.get();
            String name = factory.name();
            if (!kind.allowsName(name)) {
                throw new CpetException(
                        ExitCode.PLUGIN,
                        "not a name for a " + kind.title() + "; found " + name + "; allowed [a-z][a-z0-9_]*");
            }
            OptionSpec.of(factory.optionsType());
            entries.add(new PluginEntry(kind, name, factory.description(), factory, origin));
        } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
            // the boundary to code of others: whatever it throws is reported with its jar, and the rest goes on
            failures.add(new PluginFailure(Optional.of(kind), className, origin, e));
        }
    }
}
