package org.cpet.runtime.wiring;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.cpet.runtime.checkpoint.RunDirectory;
import org.cpet.runtime.data.ClassLabels;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.train.Events;

/**
 * What a run is made from.
 *
 * @param path the run's directory
 * @param directory where it writes; empty when a finished run is only loaded
 * @param labels the classes of a finished run
 */
public record RunInputs(
        ResolvedRecipe recipe,
        PluginCatalog catalog,
        EngineSession session,
        Path path,
        Optional<RunDirectory> directory,
        Optional<ClassLabels> labels,
        Events events,
        BooleanSupplier cancelled) {}
