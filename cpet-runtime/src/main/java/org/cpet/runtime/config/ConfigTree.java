package org.cpet.runtime.config;

import java.nio.file.Path;
import java.util.Optional;
import org.cpet.runtime.config.ConfigNode.Items;
import org.cpet.runtime.config.ConfigNode.Section;

/**
 * A recipe as written, with the place of every key and value.
 *
 * @param source the file as the user named it, or {@code <recipe>}
 * @param folder what relative paths are resolved against, absolute
 */
public record ConfigTree(String source, Path folder, Section root) {
    /** A tree without keys, for recipes that a program puts together itself. */
    public static ConfigTree empty(Path folder) {
        String source = "<recipe>";
        return new ConfigTree(source, folder.toAbsolutePath().normalize(), Section.empty(Place.of(source)));
    }

    /** The value at a path such as {@code compression.0.int8.activations}. */
    public Optional<ConfigNode> find(String path) {
        ConfigNode node = root;
        for (String part : path.split("\\.", -1)) {
            Optional<ConfigNode> next = child(node, part);
            if (next.isEmpty()) {
                return Optional.empty();
            }
            node = next.get();
        }
        return Optional.of(node);
    }

    /** Where the value at a path stands; where it is left to its default, the deepest part of the path written. */
    public Place place(String path) {
        String written = path;
        while (true) {
            Optional<ConfigNode> node = find(written);
            if (node.isPresent()) {
                return node.get().place();
            }
            int dot = written.lastIndexOf('.');
            if (dot < 0) {
                return root.place();
            }
            written = written.substring(0, dot);
        }
    }

    private static Optional<ConfigNode> child(ConfigNode node, String part) {
        if (node instanceof Section section) {
            return section.get(part);
        }
        if (node instanceof Items list
                && part.matches("\\d{1,6}")
                && Integer.parseInt(part) < list.items().size()) {
            return Optional.of(list.items().get(Integer.parseInt(part)));
        }
        return Optional.empty();
    }
}
