package org.cpet.runtime.recipe;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.cpet.runtime.config.ConfigTree;
import org.cpet.runtime.config.Message;
import org.cpet.runtime.config.Problems;
import org.cpet.runtime.recipe.InheritanceSection.OnShapeMismatch;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.ModulePlan;
import org.cpet.spi.pet.PetMethod;

/** What sections say about each other once the model's shapes are known. */
final class LayoutRules {
    private final ConfigTree tree;
    private final PluginContext context;
    private final Problems problems;

    LayoutRules(ConfigTree tree, PluginContext context, Problems problems) {
        this.tree = tree;
        this.context = context;
        this.problems = problems;
    }

    /** A PET that must not be cut cannot stand beside layers that are. */
    void checkShapes(Optional<InheritanceSection> inheritance, LayoutPlan plan) {
        boolean strict = inheritance.isPresent() && inheritance.get().on_shape_mismatch() == OnShapeMismatch.ERROR;
        if (!strict) {
            return;
        }
        Map<String, Long> taught =
                plan.petOnOriginal().map(ModulePlan::parameters).orElse(Map.of());
        List<String> cut = plan.petOnStudent().map(ModulePlan::parameters).orElse(Map.of()).entrySet().stream()
                .filter(layer -> !layer.getValue().equals(taught.getOrDefault(layer.getKey(), layer.getValue())))
                .map(Map.Entry::getKey)
                .toList();
        if (!cut.isEmpty()) {
            problems.add(
                    tree.place("inheritance.on_shape_mismatch"),
                    Message.of("compression changes the shape of " + cut.size() + " layers with a PET, first "
                                    + cut.get(0))
                            .found("on_shape_mismatch error")
                            .allowed("slice"));
        }
    }

    /** What is fitted to the teacher's modules must be linear in what its layer reads. */
    void checkProjected(Optional<InheritanceSection> inheritance, Optional<Configured<PetMethod>> pet) {
        boolean fits = inheritance.isPresent() && inheritance.get().on_shape_mismatch() == OnShapeMismatch.PROJECT;
        pet.filter(method -> fits && !method.create(context).ranked())
                .ifPresent(method -> problems.add(
                        tree.place("inheritance.on_shape_mismatch"),
                        Message.of("on_shape_mismatch: project fits low-rank modules by least squares, and "
                                        + method.name() + " gives out no linear map of what a layer reads")
                                .found("pet " + method.name())
                                .allowed("slice, which carries it over by kept indices, or a PET with low-rank modules"
                                        + " such as lora")));
    }

    /** A row longer than the table of positions has no place in the model. */
    void checkLength(Optional<DataSection> data, Optional<Healing> healing, OptionalInt longest) {
        healing.filter(section -> longest.isPresent() && section.section().max_length() > longest.getAsInt())
                .ifPresent(section -> problems.add(
                        tree.place("healing.max_length"),
                        Message.of("healing.max_length is more than the model has positions for")
                                .found(String.valueOf(section.section().max_length()))
                                .allowed("up to " + longest.getAsInt())));
        data.filter(section -> tree.find("data.max_length").isPresent())
                .filter(section -> longest.isPresent() && section.max_length() > longest.getAsInt())
                .ifPresent(section -> problems.add(
                        tree.place("data.max_length"),
                        Message.of("data.max_length is more than the model has positions for")
                                .found(String.valueOf(section.max_length()))
                                .allowed("up to " + longest.getAsInt())));
    }
}
