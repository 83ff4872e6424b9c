package org.cpet.plugin.moe;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.cpet.spi.model.ModelTensor;

/** Chooses experts for tokens; reads directions, x / ‖x‖, because lengths say nothing about which neurons are active. */
interface Router {
    /** A score for each expert, [tokens, experts], from float32 [tokens, hidden]; only their order counts. */
    NDArray scores(NDArray x);

    List<ModelTensor> tensors();

    /** What a recipe calls it. */
    RouterKind kind();

    /** u = x / ‖x‖ of each row; zeros stay zeros. */
    static NDArray directions(NDArray x) {
        return x.div(x.norm(new int[] {-1}, true).maximum(1e-30f));
    }
}
