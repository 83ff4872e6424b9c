package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.UnaryOperator;
import org.cpet.spi.tensor.CustomFunction;

/**
 * P = softmax(s · Q Kᵀ + bias), y = P V as three batched products, P kept. For short rows this is faster than libtorch's
 * fused attention, which saves P but works head by head. Backward, with g = ∂L/∂y: ∂L/∂V = Pᵀ g; D = P ⊙ (g Vᵀ − Σ P ⊙ g
 * Vᵀ) · s; ∂L/∂Q = D K; ∂L/∂K = Dᵀ Q. With dropout P becomes P ⊙ M / (1 − p) in front of V and in ∂L/∂V, and g Vᵀ
 * becomes g Vᵀ ⊙ M / (1 − p); M is kept as one byte a weight.
 */
final class ShortAttention implements CustomFunction {
    private static final long LONGEST = 128;

    private final TorchModule module;
    private final NDArray q;
    private final NDArray k;
    private final NDArray v;
    private final List<NDArray> bias;
    private final double scale;
    private final double probability;
    private NDArray keptQ;
    private NDArray keptK;
    private NDArray keptV;
    private NDArray keptP;
    private List<NDArray> keptMask = List.of();

    /**
     * @param bias one tensor that broadcasts to [batch, heads, queries, keys], or none
     * @param probability of a weight to be dropped; 0 for none
     */
    ShortAttention(
            TorchModule module, NDArray q, NDArray k, NDArray v, List<NDArray> bias, double scale, double probability) {
        this.module = module;
        this.q = q;
        this.k = k;
        this.v = v;
        this.bias = bias;
        this.scale = scale;
        this.probability = probability;
        this.keptQ = q;
        this.keptK = k;
        this.keptV = v;
        this.keptP = q;
    }

    /** Whether rows are short enough, on a CPU, with a key/value head for each query head. */
    static boolean fits(NDArray q, NDArray k) {
        Shape queries = q.getShape();
        Shape keys = k.getShape();
        long longest = Math.max(queries.get(2), keys.get(2));
        return !q.getDevice().isGpu() && queries.get(1) == keys.get(1) && queries.get(2) > 1 && longest <= LONGEST;
    }

    @Override
    public NDArray forward(UnaryOperator<NDArray> keep) {
        NDArray rowsOfQ = module.call("by_head", q);
        NDArray rowsOfK = module.call("by_head", k);
        NDArray rowsOfV = module.call("by_head", v);
        NDArray p = module.call(
                "attention_weights", rowsOfQ, rowsOfK, bias, scale, q.getShape().get(1));
        keptQ = keep.apply(q); // views of what the projections made, which is kept anyway
        keptK = keep.apply(k);
        keptV = keep.apply(v);
        keptP = keep.apply(p);
        if (probability > 0) {
            keptMask = List.of(keep.apply(module.call("attention_mask", p, probability)));
        }
        return module.call("attention_values", dropped(p), rowsOfV, q.getShape().get(1));
    }

    @Override
    public List<NDArray> backward(NDArray gradient) {
        long heads = gradient.getShape().get(1);
        NDArray g = module.call("by_head", gradient);
        NDArray scores = module.call(
                "attention_scores_back", g, keptP, module.call("by_head", keptV), keptMask, scale, probability);
        return List.of(
                module.call("attention_product", scores, module.call("by_head", keptK), false, heads),
                module.call("attention_product", scores, module.call("by_head", keptQ), true, heads),
                module.call("attention_product", dropped(keptP), g, true, heads));
    }

    private NDArray dropped(NDArray weights) {
        return keptMask.isEmpty() ? weights : module.call("attention_left", weights, keptMask.get(0), probability);
    }
}
