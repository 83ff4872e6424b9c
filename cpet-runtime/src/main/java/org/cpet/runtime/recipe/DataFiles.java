package org.cpet.runtime.recipe;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.cpet.runtime.config.ConfigNode;
import org.cpet.runtime.config.ConfigTree;
import org.cpet.runtime.config.Message;
import org.cpet.runtime.config.Problems;
import org.cpet.spi.ExitCode;

/** Finds the files of a {@code data} section, given one by one or by their directory. */
final class DataFiles {
    private static final List<String> TRAIN = List.of("train");
    private static final List<String> VALIDATION = List.of("dev", "validation", "val");
    private static final List<String> TEST = List.of("test");

    private final ConfigTree tree;
    private final Problems problems;

    DataFiles(ConfigTree tree, Problems problems) {
        this.tree = tree;
        this.problems = problems;
    }

    /** The files, or empty after a problem. */
    Optional<Found> find(DataSection data, List<String> extensions, boolean trains) {
        int before = problems.count();
        Found found = data.path().isPresent() ? inDirectory(data.path().get(), extensions) : oneByOne(data);
        if (problems.count() == before && trains && found.train.isEmpty()) {
            String key = data.path().isPresent() ? "data.path" : "data";
            problem(key, "data has no training rows", "train." + String.join(", train.", extensions));
        }
        return problems.count() == before ? Optional.of(found) : Optional.empty();
    }

    private Found oneByOne(DataSection data) {
        data.train().ifPresent(file -> checkThere("data.train", file));
        data.validation().ifPresent(file -> checkThere("data.validation", file));
        data.test().ifPresent(file -> checkThere("data.test", file));
        return new Found(data.train(), data.validation(), data.test());
    }

    private void checkThere(String key, Path file) {
        if (!Files.isRegularFile(file)) {
            problem(key, key + ": no such file", "a file, relative to " + tree.folder());
        }
    }

    private Found inDirectory(Path directory, List<String> extensions) {
        if (!Files.isDirectory(directory)) {
            problem("data.path", "data.path: no such directory", "a directory, relative to " + tree.folder());
            return new Found(Optional.empty(), Optional.empty(), Optional.empty());
        }
        return new Found(
                one(directory, TRAIN, extensions),
                one(directory, VALIDATION, extensions),
                one(directory, TEST, extensions));
    }

    private Optional<Path> one(Path directory, List<String> stems, List<String> extensions) {
        List<Path> there = stems.stream()
                .flatMap(stem -> extensions.stream().map(extension -> directory.resolve(stem + "." + extension)))
                .filter(Files::isRegularFile)
                .toList();
        if (there.size() > 1) {
            String names = String.join(
                    ", ",
                    there.stream().map(file -> file.getFileName().toString()).toList());
            problem("data.path", "data.path: several files for the same rows: " + names, "one of them");
        }
        return there.stream().findFirst();
    }

    private void problem(String key, String what, String allowed) {
        Message message = Message.of(what);
        Optional<ConfigNode> node = tree.find(key);
        if (node.isPresent() && !key.equals("data")) {
            message = message.found(node.get().raw());
        }
        problems.add(tree.place(key), ExitCode.INPUT, message.allowed(allowed));
    }

    /** The files there are. */
    record Found(Optional<Path> train, Optional<Path> validation, Optional<Path> test) {}
}
