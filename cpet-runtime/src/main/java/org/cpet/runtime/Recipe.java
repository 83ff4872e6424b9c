package org.cpet.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.checkpoint.Json;
import org.cpet.runtime.recipe.RecipeSource;

/** A recipe as a host gives it: a file, a text, or maps and lists; with keys changed for one run. Immutable. */
public final class Recipe {
    private final RecipeSource source;
    private final List<String> overrides;

    private Recipe(RecipeSource source, List<String> overrides) {
        this.source = source;
        this.overrides = List.copyOf(overrides);
    }

    /** A YAML file; its relative paths are resolved against its folder. */
    public static Recipe file(Path file) {
        return new Recipe(RecipeSource.file(file), List.of());
    }

    /** YAML in a text; its relative paths are resolved against {@code folder}. */
    public static Recipe text(String yaml, Path folder) {
        return new Recipe(RecipeSource.text(yaml, folder), List.of());
    }

    /** Sections as maps with text keys, iterables, texts, numbers, truths, paths and enums. */
    public static Recipe objects(Map<String, ?> sections, Path folder) {
        return new Recipe(RecipeSource.objects(sections, folder), List.of());
    }

    /**
     * The same with a key changed.
     *
     * @param key dotted, as {@code pet.r}
     * @param value a text, number, truth, path, or a list or map of these
     */
    public Recipe with(String key, Object value) {
        Object plain = value instanceof Path path ? path.toString() : value;
        return with(key + "=" + Json.line(Json.of(plain))); // JSON is YAML
    }

    /** The same with an assignment as the command line writes it: {@code a.b=c}, c read as YAML. */
    public Recipe with(String assignment) {
        List<String> more = new ArrayList<>(overrides);
        more.add(assignment);
        return new Recipe(source, more);
    }

    RecipeSource source() {
        return source;
    }

    List<String> overrides() {
        return overrides;
    }
}
