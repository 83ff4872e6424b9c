package org.cpet.plugin.models;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.model.ModelLayout;

/** The layers of each stack under the numbers that a directory gives them: 0, 1, 2, ... whatever was removed. */
public final class SavedLayers {
    private final Map<String, String> names = new LinkedHashMap<>();
    private final Map<String, Integer> counts = new LinkedHashMap<>();

    private SavedLayers() {}

    /** The layers left, in order. */
    static SavedLayers of(List<String> layers) {
        SavedLayers saved = new SavedLayers();
        for (String layer : layers) {
            String stack = stack(layer);
            int number = saved.count(stack);
            saved.names.put(layer, stack + number);
            saved.counts.put(stack, number + 1);
        }
        return saved;
    }

    /** Layers of the stack with this prefix, such as {@code encoder.block.}. */
    public static int count(ModelLayout layout, String stack) {
        return of(layout.layers()).count(stack);
    }

    /** What a module or tensor is called in the directory. */
    String name(String module) {
        return ModelLayout.layerOf(module)
                .flatMap(layer ->
                        Optional.ofNullable(names.get(layer)).map(saved -> saved + module.substring(layer.length())))
                .orElse(module);
    }

    /** Refuses to leave a stack without layers, and layers that are not there. */
    static void checkStacks(List<String> present, List<String> kept) {
        SavedLayers left = of(kept);
        for (String layer : kept) {
            if (!present.contains(layer)) {
                throw new CpetException(
                        ExitCode.RECIPE, "layer to keep; found " + layer + "; allowed " + String.join(", ", present));
            }
        }
        for (String layer : present) {
            if (left.count(stack(layer)) == 0) {
                throw new CpetException(
                        ExitCode.RECIPE,
                        "layers of " + stack(layer) + "*; found none to keep; allowed at least one of each stack");
            }
        }
    }

    private int count(String stack) {
        return counts.getOrDefault(stack, 0);
    }

    private static String stack(String layer) {
        return layer.substring(0, layer.lastIndexOf('.') + 1);
    }
}
