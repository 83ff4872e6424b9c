package org.cpet.runtime.wiring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.cpet.runtime.interop.ModelLineage;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.recipe.ModelSection.Init;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.recipe.TeacherSection;
import tools.jackson.databind.node.ObjectNode;

/** Hashes of what a recipe reads besides itself: the model, the data files, the teacher's adapter where it is imported. */
public final class InputHashes {
    private InputHashes() {}

    /** By what is hashed; reads every file. */
    public static ObjectNode of(ResolvedRecipe recipe) {
        ModelDirectory directory = ModelDirectory.open(recipe.model().path());
        ObjectNode hashes = Provenance.files(recipe, lineage(recipe, directory));
        recipe.teacher().flatMap(TeacherSection::adapter).ifPresent(adapter -> {
            ObjectNode files = hashes.putObject("teacher");
            files(adapter).forEach(file -> files.put(String.valueOf(file.getFileName()), Provenance.sha256(file)));
        });
        return hashes;
    }

    static ModelLineage lineage(ResolvedRecipe recipe, ModelDirectory directory) {
        return recipe.model().init() == Init.RANDOM
                ? ModelLineage.random(directory.path(), recipe.seed())
                : ModelLineage.of(directory.path(), directory.weights());
    }

    private static List<Path> files(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
