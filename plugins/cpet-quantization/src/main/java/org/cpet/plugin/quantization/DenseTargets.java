package org.cpet.plugin.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.cpet.spi.InputException;
import org.cpet.spi.compress.CompressionTargets;
import org.cpet.spi.compress.StorageRule;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;

/** The layers that a quantiser packs, which must be dense and finite. */
public final class DenseTargets {
    private final String method;
    private final CompressionTargets targets;

    /** @param method its name, for messages */
    public DenseTargets(String method, List<String> targetModules, List<String> include) {
        this.method = method;
        this.targets = new CompressionTargets(targetModules, include);
    }

    /** The layout with every chosen layer as {@code packed} makes it. */
    public ModelLayout plan(ModelLayout layout, UnaryOperator<LinearSpec> packed) {
        Set<String> chosen = names(layout);
        return layout.mapLinears(linear -> chosen.contains(linear.name()) ? packed.apply(linear) : linear);
    }

    /**
     * The names of the layers chosen.
     *
     * @throws org.cpet.spi.CpetException when one of them is packed already
     */
    public Set<String> names(ModelLayout layout) {
        StorageRule.dense(method).check(targets.match(layout));
        return targets.names(layout);
    }

    /** Refuses scales that are not finite: a weight that is not makes that of its group so. */
    public void requireFinite(String layer, NDArray scales) {
        requireFinite(layer, scales.toType(DataType.FLOAT32, false).toFloatArray());
    }

    /** Refuses numbers that are not finite. */
    public void requireFinite(String layer, float[] numbers) {
        for (float number : numbers) {
            if (!Float.isFinite(number)) {
                throw new InputException(
                        method + ": weight of layer " + layer + "; found NaN or infinity; allowed finite numbers");
            }
        }
    }
}
