package org.cpet.runtime.study;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.config.ConfigNode;
import org.cpet.runtime.config.ConfigNode.Scalar;
import org.cpet.runtime.config.ConfigNode.Section;
import org.cpet.runtime.config.ConfigNode.Unreadable;
import org.cpet.runtime.config.ConfigTree;
import org.cpet.runtime.config.Message;
import org.cpet.runtime.config.Overrides;
import org.cpet.runtime.config.Problems;
import org.cpet.runtime.config.RecipeReader;
import org.cpet.spi.ExitCode;

/** The recipe that a study starts from: a file or a section, with what the study sets in all cells. */
final class BaseRecipe {
    static final String RECIPE = "recipe";
    static final String SET = "set";

    private static final String ALLOWED = "a recipe file, or a section with a recipe's sections";

    private final Path file;
    private final ConfigTree study;
    private final Problems problems;

    BaseRecipe(Path file, ConfigTree study, Problems problems) {
        this.file = file;
        this.study = study;
        this.problems = problems;
    }

    /** The recipe, or empty after a problem. A study neither exports models nor has gates. */
    Optional<ConfigTree> read() {
        Optional<ConfigNode> node = study.root().get(RECIPE);
        if (node.isEmpty()) {
            problems.add(
                    study.root().place(),
                    Message.of("missing key '" + RECIPE + "'").allowed(ALLOWED));
            return Optional.empty();
        }
        return found(node.get()).map(this::withSettings);
    }

    private Optional<ConfigTree> found(ConfigNode node) {
        if (node instanceof Section section) {
            return Optional.of(new ConfigTree(study.source(), study.folder(), section));
        }
        if (node instanceof Scalar scalar && !scalar.isBlank()) {
            return path(scalar).map(path -> new RecipeReader(problems).read(path));
        }
        if (!(node instanceof Unreadable)) {
            problems.add(
                    node.place(),
                    Message.of(RECIPE + " is not a recipe").found(node.raw()).allowed(ALLOWED));
        }
        return Optional.empty();
    }

    private Optional<Path> path(Scalar scalar) {
        try {
            Path path = file.resolveSibling(scalar.text()).normalize();
            if (Files.isRegularFile(path)) {
                return Optional.of(path);
            }
        } catch (InvalidPathException e) {
            // said below
        }
        problems.add(
                scalar.place(),
                ExitCode.INPUT,
                Message.of(RECIPE + ": no such file")
                        .found(scalar.raw())
                        .allowed("a recipe file, relative to " + study.folder()));
        return Optional.empty();
    }

    private ConfigTree withSettings(ConfigTree recipe) {
        Overrides overrides = new Overrides(problems);
        ConfigTree base = recipe;
        for (String unused : new String[] {"export", "gates"}) {
            base = overrides.put(base, unused, StudyFile.nothing(recipe.root().place()));
        }
        Optional<ConfigNode> set = study.root().get(SET);
        if (set.isPresent() && set.get() instanceof Section section) {
            for (Map.Entry<String, ConfigNode.Entry> entry : section.entries().entrySet()) {
                base = overrides.put(base, entry.getKey(), entry.getValue().value());
            }
        } else if (set.isPresent() && !(set.get() instanceof Unreadable)) {
            problems.add(
                    set.get().place(),
                    Message.of(SET + " is not a section")
                            .found(set.get().raw())
                            .allowed("keys of the recipe with values, as {training.epochs: 2}"));
        }
        return base;
    }
}
