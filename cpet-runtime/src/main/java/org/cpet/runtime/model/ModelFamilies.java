package org.cpet.runtime.model;

import java.util.List;
import org.cpet.spi.Nearest;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelFamily;

/** The families at hand. */
public final class ModelFamilies {
    private final List<ModelFamily> families;

    public ModelFamilies(List<ModelFamily> families) {
        this.families = List.copyOf(families);
    }

    /**
     * The family of a config.
     *
     * @throws org.cpet.spi.InputException when no family knows its {@code model_type}
     */
    public ModelFamily of(ModelConfig config) {
        return families.stream()
                .filter(family -> family.recognizes(config))
                .findFirst()
                .orElseThrow(() -> unknown(config));
    }

    private RuntimeException unknown(ModelConfig config) {
        List<String> known = families.stream()
                .flatMap(family -> family.modelTypes().stream())
                .sorted()
                .distinct()
                .toList();
        String type = config.text("model_type", "");
        String found = type.isEmpty() ? "'model_type' is missing" : "'model_type'; found " + type;
        return config.problem(found + "; allowed " + String.join(", ", known) + Nearest.hint(type, known));
    }
}
