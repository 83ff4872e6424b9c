package org.cpet.runtime.wiring;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.script.CompressionLedger;
import org.cpet.runtime.train.Events;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.event.RunListener;
import org.cpet.spi.model.TransformerModel;

/** A model compressed outside a run by a recipe with data: compressors measure its rows, healing reads, quality is told. */
public final class DataCompression implements AutoCloseable {
    private final RunParts parts;
    private final CompressionLedger ledger;

    private DataCompression(RunParts parts, CompressionLedger ledger) {
        this.parts = parts;
        this.ledger = ledger;
    }

    /**
     * Puts the parts together.
     *
     * @param output where the model will lie; nothing is read or written there yet
     */
    public static DataCompression of(
            ResolvedRecipe recipe,
            Path output,
            PluginCatalog catalog,
            EngineSession engine,
            int longest,
            RunListener listener) {
        Path directory = recipe.model().path();
        RunParts parts = RunParts.of(new RunInputs(
                recipe,
                catalog,
                engine,
                output,
                Optional.empty(),
                Optional.empty(),
                new Events(listener, List.of()),
                () -> false));
        CompressionLedger ledger =
                new CompressionLedger(engine, ModelDirectory.open(directory), longest, model -> parts.quality(model));
        return new DataCompression(parts, ledger);
    }

    /** M. */
    public TransformerModel original() {
        return parts.models().original();
    }

    /** C, each step of it measured. */
    public TransformerModel compress() {
        ledger.add("original", original());
        parts.healHere();
        parts.models().watch(ledger::add);
        return parts.models().compressed();
    }

    /** What the compressors did. */
    public List<CompressionReport> reports() {
        return parts.models().reports();
    }

    /** What was measured. */
    public CompressionLedger ledger() {
        return ledger;
    }

    @Override
    public void close() {
        parts.close();
    }
}
