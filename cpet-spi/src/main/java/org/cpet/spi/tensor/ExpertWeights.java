package org.cpet.spi.tensor;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * An FFN whose neurons lie expert by expert, all experts of one width.
 *
 * @param in W [units, in]
 * @param bias b [units], or nothing
 * @param out V [out, units]
 * @param experts how many
 */
public record ExpertWeights(NDArray in, List<NDArray> bias, NDArray out, int experts, Activation activation) {
    public ExpertWeights {
        bias = List.copyOf(bias);
    }
}
