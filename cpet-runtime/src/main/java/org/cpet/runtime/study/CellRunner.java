package org.cpet.runtime.study;

import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.cpet.runtime.recipe.ResolvedRecipe;

/** Runs a recipe in a run directory, or continues it there. */
@FunctionalInterface
public interface CellRunner {
    /**
     * Runs it to its end.
     *
     * @throws org.cpet.spi.CpetException as a run does; with {@code INTERRUPTED} once {@code cancelled} says so
     */
    void run(ResolvedRecipe recipe, Path directory, BooleanSupplier cancelled);
}
