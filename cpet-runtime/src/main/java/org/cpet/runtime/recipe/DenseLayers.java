package org.cpet.runtime.recipe;

import java.util.Optional;
import java.util.Set;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;

/** Which layers of the blocks hold floating-point weights: what healing can train. */
public final class DenseLayers {
    private static final Set<String> DENSE = Set.of("float32", "float16", "bfloat16", "float64");

    private DenseLayers() {}

    /** Whether a layer's weight is dense. */
    public static boolean isDense(LinearSpec layer) {
        return DENSE.contains(layer.storage());
    }

    /** The first layer of a block that is held another way. */
    public static Optional<LinearSpec> firstPacked(ModelLayout layout) {
        return layout.blockLinears().stream().filter(layer -> !isDense(layer)).findFirst();
    }

    /** Whether healing comes before a step: it takes the floating-point weights away from some layer. */
    public static boolean packs(ModelLayout before, ModelLayout after) {
        return firstPacked(before).isEmpty() && firstPacked(after).isPresent();
    }
}
