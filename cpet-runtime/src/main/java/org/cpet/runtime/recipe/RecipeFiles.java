package org.cpet.runtime.recipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.cpet.runtime.config.ConfigNode;
import org.cpet.runtime.config.ConfigTree;
import org.cpet.runtime.config.Message;
import org.cpet.runtime.config.OptionSpec;
import org.cpet.runtime.config.OptionValues;
import org.cpet.runtime.config.Problems;
import org.cpet.runtime.config.ValueType;
import org.cpet.spi.ExitCode;
import org.cpet.spi.compress.Compressor;

/**
 * Whether the files that a recipe names are there. Every path among a method's options is something it reads, so it must
 * exist.
 */
final class RecipeFiles {
    private final ConfigTree tree;
    private final Problems problems;
    private boolean methodsAreThere = true;

    RecipeFiles(ConfigTree tree, Problems problems) {
        this.tree = tree;
        this.problems = problems;
    }

    /** Whether the model's files are there; what else is missing is reported as well. */
    boolean check(BoundRecipe bound) {
        boolean model = bound.model().isPresent()
                && checkModel(bound.model().get(), bound.data().isPresent());
        bound.teacher()
                .flatMap(TeacherSection::adapter)
                .ifPresent(adapter ->
                        directory("teacher.adapter", adapter, List.of("adapter_config.json", weights(adapter))));
        bound.pet().ifPresent(pet -> options("pet", pet.options()));
        bound.estimation().ifPresent(method -> options("estimation", method.options()));
        bound.recovery().ifPresent(recovery -> options("recovery", recovery.options()));
        bound.distillation().ifPresent(loss -> options("distillation", loss.options()));
        bound.taskLoss().ifPresent(loss -> options("task_loss", loss.options()));
        checkCompression(bound.compression());
        bound.healing().ifPresent(healing -> {
            options("healing", healing.section());
            healing.losses().forEach(loss -> options("healing.losses", loss.options()));
        });
        return model;
    }

    /** The file with an adapter's weights: the packed one where it is there, else the dense one. */
    private static String weights(Path adapter) {
        String packed = "adapter_packed.safetensors";
        return Files.exists(adapter.resolve(packed)) ? packed : "adapter_model.safetensors";
    }

    /** Whether every file that a method reads was there. */
    boolean methodsAreThere() {
        return methodsAreThere;
    }

    void checkCompression(List<Configured<Compressor>> compression) {
        for (int i = 0; i < compression.size(); i++) {
            Configured<Compressor> compressor = compression.get(i);
            options("compression." + i + "." + compressor.name(), compressor.options());
        }
    }

    private boolean checkModel(ModelSection model, boolean texts) {
        List<String> files = texts ? List.of("config.json", "tokenizer.json") : List.of("config.json");
        boolean there = directory("model.path", model.path(), files);
        if (there && model.init() == ModelSection.Init.WEIGHTS && !holdsWeights(model.path())) {
            missing("model.path", "no weights in the model directory", "a directory with *.safetensors");
            return false;
        }
        return there;
    }

    private static boolean holdsWeights(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file -> file.toString().endsWith(".safetensors"));
        } catch (IOException e) {
            return false;
        }
    }

    private boolean directory(String path, Path directory, List<String> files) {
        String allowed = "a directory with " + String.join(", ", files) + ", relative to " + tree.folder();
        if (!Files.isDirectory(directory)) {
            missing(path, path + ": no such directory", allowed);
            return false;
        }
        Optional<String> absent = files.stream()
                .filter(file -> !Files.isRegularFile(directory.resolve(file)))
                .findFirst();
        absent.ifPresent(file -> missing(path, path + ": no " + file + " in the directory", allowed));
        return absent.isEmpty();
    }

    private void options(String path, Record options) {
        for (OptionSpec spec : OptionSpec.of(options.getClass())) {
            if (spec.type() instanceof ValueType.File) {
                OptionValues.value(options, spec)
                        .map(Path.class::cast)
                        .filter(file -> !Files.exists(file))
                        .ifPresent(file -> {
                            methodsAreThere = false;
                            missing(
                                    path + "." + spec.key(),
                                    path + "." + spec.key() + ": no such file",
                                    "a file, relative to " + tree.folder());
                        });
            }
        }
    }

    private void missing(String path, String what, String allowed) {
        String raw = tree.find(path).map(ConfigNode::raw).orElse("its default");
        problems.add(
                tree.place(path), ExitCode.INPUT, Message.of(what).found(raw).allowed(allowed));
    }
}
