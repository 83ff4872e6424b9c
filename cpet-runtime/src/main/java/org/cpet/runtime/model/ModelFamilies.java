package org.cpet.runtime.model;

import java.util.List;
import org.cpet.spi.Nearest;
import org.cpet.spi.model.BlockFormat;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelFamily;
import org.cpet.spi.model.PackedFormat;

/** The families at hand, and the formats of packed layers. */
public final class ModelFamilies {
    private final List<ModelFamily> families;
    private final List<PackedFormat> formats;
    private final List<BlockFormat> blockFormats;

    /** Without any format of packed layers. */
    public ModelFamilies(List<ModelFamily> families) {
        this(families, List.of());
    }

    /** @param formats of packed layers that files may hold */
    public ModelFamilies(List<ModelFamily> families, List<PackedFormat> formats) {
        this(families, formats, List.of());
    }

    /**
     * With what plugins know to open.
     *
     * @param formats of packed layers that files may hold
     * @param blockFormats of FFN blocks that files may speak of
     */
    public ModelFamilies(List<ModelFamily> families, List<PackedFormat> formats, List<BlockFormat> blockFormats) {
        this.families = List.copyOf(families);
        this.formats = List.copyOf(formats);
        this.blockFormats = List.copyOf(blockFormats);
    }

    /** The formats of FFN blocks at hand. */
    List<BlockFormat> blockFormats() {
        return blockFormats;
    }

    /** The formats of packed layers at hand. */
    List<PackedFormat> formats() {
        return formats;
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
