package org.cpet.plugin.pet.part;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.tensor.Ops;

/** Writes new values into dense layers. Old tensors may lie in a file mapped read-only, so new ones take their places. */
public final class DenseFold {
    private DenseFold() {}

    /** Why a layer's weight cannot take anything in, as {@link Part#obstacle} says it. */
    public static Optional<String> obstacle(LinearSite site) {
        return site.op() instanceof DenseLinear
                ? Optional.empty()
                : Optional.of("'" + site.name() + "'; found a weight held as "
                        + site.op().storage() + "; allowed dense weights");
    }

    /** W ← f(W) of a dense layer; computed in float32, kept in the weight's type. */
    public static void weight(Ops ops, LinearSite site, UnaryOperator<NDArray> change) {
        DenseLinear dense = (DenseLinear) site.op();
        site.replace(dense.withWeight(changed(ops, dense.weight(), change)));
    }

    /** b ← f(b) of a dense layer; nothing where there is none. */
    public static void bias(Ops ops, LinearSite site, UnaryOperator<NDArray> change) {
        site.op().tensors().stream()
                .filter(tensor -> site.op().bias().stream().anyMatch(bias -> bias == tensor.value()))
                .forEach(tensor ->
                        tensor.replace(changed(ops, tensor.value(), change)).close());
    }

    @SuppressWarnings("try") // the scope frees what the new values are made of
    private static NDArray changed(Ops ops, NDArray old, UnaryOperator<NDArray> change) {
        NDArray result = ops.copy(old);
        try (Ops.Scope scope = ops.scope()) {
            ops.assign(result, ops.withoutGradients(() -> change.apply(old)));
        }
        return result;
    }
}
