package org.cpet.runtime.study;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.checkpoint.Json;
import org.cpet.runtime.recipe.ModelSection.Init;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.wiring.InputHashes;

/** Gives recipes their keys; every file is read once. */
final class CellMaker {
    private final Map<String, String> inputs = new HashMap<>();

    List<Cell> cells(Expansion.Drafts drafts) {
        return drafts.all().stream().map(this::cell).toList();
    }

    private Cell cell(Expansion.Draft draft) {
        ResolvedRecipe recipe = draft.recipe();
        String files = inputs.computeIfAbsent(reads(recipe), none -> Json.line(InputHashes.of(recipe)));
        return new Cell(
                CellKeys.cell(recipe.yaml(), files),
                draft.seed(),
                draft.variants(),
                recipe,
                CellKeys.stages(recipe.yaml(), files));
    }

    /** Everything that says which files a recipe reads. */
    private static String reads(ResolvedRecipe recipe) {
        String seed = recipe.model().init() == Init.RANDOM ? String.valueOf(recipe.seed()) : "";
        List<String> data = recipe.source().stream()
                .flatMap(source -> source.files())
                .map(String::valueOf)
                .toList();
        return recipe.model() + " " + data + " " + recipe.teacher() + " " + seed;
    }
}
