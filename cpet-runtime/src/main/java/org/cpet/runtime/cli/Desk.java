package org.cpet.runtime.cli;

import ai.djl.ndarray.types.DataType;
import java.util.Optional;
import org.cpet.runtime.engine.DeviceChoice;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.script.ScriptContext;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/** What a command that computes works with: plugins, an engine, and a place for notices. */
record Desk(PluginCatalog catalog, EngineSession engine, ScriptContext context) implements AutoCloseable {
    static Desk open(Plugins plugins, long seed) {
        return of(plugins, seed, EngineSession.open(DeviceChoice.parse("auto"), 0));
    }

    /** @param threads of one operation; 0 leaves libtorch's default */
    static Desk open(Plugins plugins, Kernels kernels, long seed, int threads) {
        return of(plugins, seed, EngineSession.open(DeviceChoice.parse("auto"), threads, kernels.profile()));
    }

    /** For what is compared with other programs: libtorch's own products, unless kernels are named. */
    static Desk openPlain(Plugins plugins, Kernels kernels, long seed) {
        DeviceChoice device = DeviceChoice.parse("auto");
        return of(
                plugins,
                seed,
                kernels.profile()
                        .map(profile -> EngineSession.open(device, 0, Optional.of(profile)))
                        .orElseGet(() -> EngineSession.openPlain(device, 0)));
    }

    private static Desk of(Plugins plugins, long seed, EngineSession engine) {
        PluginCatalog catalog = plugins.open();
        return new Desk(
                catalog, engine, new ScriptContext(engine, seed, notice -> System.err.println("note: " + notice)));
    }

    /** The type that {@code --dtype} names. */
    static DataType type(String name) {
        return switch (name) {
            case "float32" -> DataType.FLOAT32;
            case "float64" -> DataType.FLOAT64;
            case "bfloat16" -> DataType.BFLOAT16;
            case "float16" -> DataType.FLOAT16;
            default ->
                throw new CpetException(
                        ExitCode.RECIPE, "--dtype; found " + name + "; allowed float32, float64, bfloat16, float16");
        };
    }

    @Override
    public void close() {
        engine.close();
        catalog.close();
    }
}
