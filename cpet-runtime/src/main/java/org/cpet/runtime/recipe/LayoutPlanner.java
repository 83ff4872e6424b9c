package org.cpet.runtime.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cpet.runtime.config.ConfigNode;
import org.cpet.runtime.config.ConfigNode.Items;
import org.cpet.runtime.config.ConfigNode.Scalar;
import org.cpet.runtime.config.ConfigNode.Section;
import org.cpet.runtime.config.ConfigTree;
import org.cpet.runtime.config.Message;
import org.cpet.runtime.config.Place;
import org.cpet.runtime.config.Problem;
import org.cpet.runtime.config.Problems;
import org.cpet.runtime.config.Suggestions;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.model.ModelFamilies;
import org.cpet.runtime.plugin.Kind;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.spi.CpetException;
import org.cpet.spi.NoOptions;
import org.cpet.spi.OptionException;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.estimate.EstimationMethod;
import org.cpet.spi.model.LinearRole;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelFamilyFactory;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelRequest;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.ModulePlan;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.recover.RecoveryMethod;

/** Asks the methods of a recipe what they would do; targets that choose nothing become located problems. No engine. */
public final class LayoutPlanner {
    private static final Pattern FOUND = Pattern.compile("found ([^;]+)(;|$)");

    private final ConfigTree tree;
    private final PluginContext context;
    private final Problems problems;

    public LayoutPlanner(ConfigTree tree, PluginContext context, Problems problems) {
        this.tree = tree;
        this.context = context;
        this.problems = problems;
    }

    /**
     * M's layout from its config, or empty after a problem.
     *
     * @param labels classes of the head; 0 asks for what the config states
     */
    public Optional<ModelLayout> layout(ModelSection model, int labels, PluginCatalog catalog) {
        ModelRequest request = new ModelRequest(ModelTask.valueOf(model.task().name()), labels);
        return attempt("model.path", () -> ModelDirectory.open(model.path()).layout(families(catalog), request));
    }

    /** Tokens that M can read in a row; empty where nothing limits them. */
    OptionalInt longestRow(ModelSection model, PluginCatalog catalog) {
        ModelConfig config = ModelDirectory.open(model.path()).config();
        return families(catalog).of(config).longestRow(config);
    }

    private ModelFamilies families(PluginCatalog catalog) {
        return new ModelFamilies(
                catalog.entries(Kind.MODEL_FAMILY).stream()
                        .map(entry -> ((ModelFamilyFactory) entry.factory()).create(new NoOptions(), context))
                        .toList(),
                catalog.packedFormats(),
                catalog.blockFormats());
    }

    /** What the methods add and change, or empty after a problem. */
    public Optional<LayoutPlan> plan(
            ModelLayout original,
            Optional<Configured<PetMethod>> pet,
            boolean teacher,
            Optional<Configured<EstimationMethod>> estimation,
            List<Configured<Compressor>> compression,
            Optional<Configured<RecoveryMethod>> recovery) {
        int before = problems.count();
        Optional<ModulePlan> taught = pet.filter(method -> teacher)
                .flatMap(method ->
                        module("pet", original, () -> method.create(context).plan(original)));
        List<LayoutPlan.Step> steps = new ArrayList<>();
        ModelLayout student = original;
        if (estimation.isPresent()) {
            pet.ifPresent(this::checkRanked);
            Optional<ModelLayout> next =
                    attempt("estimation", () -> estimation.get().create(context).plan(original));
            if (next.isEmpty()) {
                return Optional.empty();
            }
            student = next.get();
            steps.add(new LayoutPlan.Step(estimation.get().name(), student));
        }
        for (int i = 0; i < compression.size(); i++) {
            Configured<Compressor> method = compression.get(i);
            ModelLayout present = student;
            Optional<ModelLayout> next = attempt(
                    "compression." + i + "." + method.name(),
                    () -> method.create(context).plan(present));
            if (next.isEmpty()) {
                return Optional.empty();
            }
            student = next.get();
            steps.add(new LayoutPlan.Step(method.name(), student));
        }
        ModelLayout compressed = student;
        if (pet.isPresent()) {
            checkHead(original, compressed);
        }
        Optional<ModulePlan> fresh = pet.filter(method -> !steps.isEmpty())
                .flatMap(method ->
                        module("pet", compressed, () -> method.create(context).plan(compressed)));
        Optional<ModulePlan> recovered = recovery.flatMap(method ->
                module("recovery", compressed, () -> method.create(context).plan(compressed)));
        return problems.count() == before
                ? Optional.of(new LayoutPlan(original, steps, taught, fresh, recovered))
                : Optional.empty();
    }

    private void checkRanked(Configured<PetMethod> pet) {
        if (!pet.create(context).ranked()) {
            problems.add(
                    tree.place("pet.type"),
                    Message.of("estimation needs a PET whose modules and ranks can be left out")
                            .found(pet.name())
                            .allowed("one with low-rank modules, such as lora"));
        }
    }

    /** The classifier is trained with the PET, in floating point. */
    private void checkHead(ModelLayout original, ModelLayout compressed) {
        for (LinearSpec head : compressed.linears()) {
            String storage = original.linear(head.name()).storage();
            if (head.role() == LinearRole.CLASSIFIER && !head.storage().equals(storage)) {
                problems.add(
                        tree.place("compression"),
                        Message.of("compression packs " + head.name() + ", which is trained with pet")
                                .found(head.storage())
                                .allowed(storage + ": leave it out of include"));
            }
        }
    }

    private Optional<ModulePlan> module(String path, ModelLayout layout, Supplier<ModulePlan> plan) {
        Optional<ModulePlan> made = attempt(path, plan);
        made.ifPresent(found -> found.unmatched().forEach(ending -> reportUnmatched(path, ending, layout)));
        return made;
    }

    private void reportUnmatched(String path, String ending, ModelLayout layout) {
        List<String> endings = layout.blockLinears().stream()
                .map(LinearSpec::name)
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .distinct()
                .toList();
        Optional<Place> written = tree.find(path).flatMap(section -> place(section, ending));
        problems.add(
                written.orElse(tree.place(path)),
                Message.of(path + ".target_modules matches no layer")
                        .found(ending)
                        .allowed("all-linear, or endings of layer names such as " + String.join(", ", endings))
                        .nearest(Suggestions.nearest(ending, endings)));
    }

    private <T> Optional<T> attempt(String path, Supplier<T> work) {
        try {
            return Optional.of(work.get());
        } catch (CpetException e) {
            problems.add(new Problem(place(path, e), e.exitCode(), named(path, e)));
            return Optional.empty();
        }
    }

    /** Options are named with the section they stand in. */
    private String named(String path, CpetException failure) {
        String message = String.valueOf(failure.getMessage());
        int end = message.indexOf(':');
        boolean key = failure instanceof OptionException
                && end > 0
                && message.substring(0, end).matches("[a-z][a-z0-9_]*");
        return key && !path.endsWith(message.substring(0, end)) ? path + "." + message : message;
    }

    /** The value that the message quotes, when it stands in the section; else the section. */
    private Place place(String path, CpetException failure) {
        Matcher found = FOUND.matcher(String.valueOf(failure.getMessage()));
        Optional<ConfigNode> section = tree.find(path);
        if (section.isPresent() && found.find()) {
            Optional<Place> value = place(section.get(), found.group(1));
            if (value.isPresent()) {
                return value.get();
            }
        }
        return tree.place(path);
    }

    private static Optional<Place> place(ConfigNode node, String text) {
        if (node instanceof Scalar scalar) {
            return scalar.text().equals(text) ? Optional.of(scalar.place()) : Optional.empty();
        }
        List<ConfigNode> children = node instanceof Items items ? items.items() : List.of();
        if (node instanceof Section section) {
            children = section.entries().values().stream()
                    .map(ConfigNode.Entry::value)
                    .toList();
        }
        return children.stream()
                .map(child -> place(child, text))
                .flatMap(Optional::stream)
                .findFirst();
    }
}
