package org.cpet.runtime.recipe;

import java.nio.file.Path;
import java.util.Map;
import org.cpet.runtime.config.ConfigTree;
import org.cpet.runtime.config.Problems;
import org.cpet.runtime.config.RecipeReader;

/** A recipe before it is read: a file, a text, or a program's own maps and lists. */
public sealed interface RecipeSource {
    /** What a text or objects are called in messages, unless they have a name. */
    String NAMELESS = "<recipe>";

    /** Reads it; what is wrong goes to {@code problems}. */
    ConfigTree read(Problems problems);

    /** A file; relative paths in it are resolved against its folder. */
    static RecipeSource file(Path file) {
        return new File(file);
    }

    /** A text; relative paths in it are resolved against {@code folder}. */
    static RecipeSource text(String text, Path folder) {
        return new Text(NAMELESS, text, folder);
    }

    /** Maps with text keys, iterables, texts, numbers, booleans, paths and enums. */
    static RecipeSource objects(Map<String, ?> values, Path folder) {
        return new Objects(NAMELESS, values, folder);
    }

    /** A recipe in a file. */
    record File(Path file) implements RecipeSource {
        @Override
        public ConfigTree read(Problems problems) {
            return new RecipeReader(problems).read(file);
        }
    }

    /** A recipe in a string. */
    record Text(String name, String text, Path folder) implements RecipeSource {
        @Override
        public ConfigTree read(Problems problems) {
            return new RecipeReader(problems).read(name, folder, text);
        }
    }

    /** A recipe made by a program. */
    record Objects(String name, Map<String, ?> values, Path folder) implements RecipeSource {
        @Override
        public ConfigTree read(Problems problems) {
            return new RecipeReader(problems).read(name, folder, values);
        }
    }
}
