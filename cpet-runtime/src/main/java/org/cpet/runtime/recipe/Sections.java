package org.cpet.runtime.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cpet.runtime.config.ConfigNode;
import org.cpet.runtime.config.ConfigNode.Items;
import org.cpet.runtime.config.ConfigNode.Scalar;
import org.cpet.runtime.config.ConfigNode.Section;
import org.cpet.runtime.config.ConfigNode.Unreadable;
import org.cpet.runtime.config.ConfigTree;
import org.cpet.runtime.config.Message;
import org.cpet.runtime.config.OptionSpec;
import org.cpet.runtime.config.Place;
import org.cpet.runtime.config.Problems;

/** The top level of a recipe: which sections there are, and whether each has the form it must have. */
final class Sections {
    private final ConfigTree tree;
    private final Problems problems;

    Sections(ConfigTree tree, Problems problems) {
        this.tree = tree;
        this.problems = problems;
    }

    void reportUnknown() {
        List<String> known = new ArrayList<>(keys(HeaderSection.class));
        known.addAll(RecipeSection.keys());
        for (String key : tree.root().keys()) {
            if (!known.contains(key)) {
                String what = "unknown section '" + Message.oneLine(key) + "'";
                problems.add(tree.root().keyPlace(key), Message.unknown(what, key, known));
            }
        }
    }

    /** Whether the recipe has the section, in whatever form. */
    boolean has(RecipeSection section) {
        return tree.root().has(section.key());
    }

    /** Where the section's key stands, or the recipe's start. */
    Place place(RecipeSection section) {
        return tree.root().keyPlace(section.key());
    }

    /** The keys of a section, or empty when it is missing or of another form. */
    Optional<Section> section(RecipeSection section) {
        return tree.root().get(section.key()).flatMap(node -> asSection(node, section.key()));
    }

    /** A problem when a section is missing. */
    void require(RecipeSection section) {
        if (!has(section)) {
            String allowed = section.isList()
                    ? "a list of entries, each after a dash"
                    : "a section with "
                            + String.join(", ", keys(section.options().orElseThrow()));
            missing(section, allowed);
        }
    }

    /** A problem for a section that is not there. */
    void missing(RecipeSection section, String allowed) {
        problems.add(
                tree.root().place(),
                Message.of("missing section '" + section.key() + "'").allowed(allowed));
    }

    /** The keys of a section that may be left out. */
    Section orEmpty(RecipeSection section) {
        return section(section).orElse(Section.empty(tree.root().place()));
    }

    /** The entries of a list section. */
    Optional<Items> items(RecipeSection section) {
        Optional<ConfigNode> node = tree.root().get(section.key());
        if (node.isPresent()
                && node.get() instanceof Items items
                && !items.items().isEmpty()) {
            return Optional.of(items);
        }
        if (node.isPresent() && !(node.get() instanceof Unreadable)) {
            boolean empty = node.get() instanceof Items || (node.get() instanceof Scalar scalar && scalar.isBlank());
            Message message = empty
                    ? Message.of(section.key() + " is empty")
                    : Message.of(section.key() + " is not a list")
                            .found(node.get().raw());
            problems.add(node.get().place(), message.allowed("a list of entries, each after a dash"));
        }
        return Optional.empty();
    }

    /** A value that must be a section; nothing at all stands for one without keys. */
    Optional<Section> asSection(ConfigNode node, String path) {
        if (node instanceof Section section) {
            return Optional.of(section);
        }
        if (node instanceof Scalar scalar && scalar.isBlank()) {
            return Optional.of(Section.empty(node.place()));
        }
        if (!(node instanceof Unreadable)) {
            problems.add(
                    node.place(),
                    Message.of(path + " is not a section")
                            .found(node.raw())
                            .allowed("keys with values, as {key: value}"));
        }
        return Optional.empty();
    }

    private static List<String> keys(Class<? extends Record> type) {
        return OptionSpec.of(type).stream().map(OptionSpec::key).toList();
    }
}
