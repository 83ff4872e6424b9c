package org.cpet.spi.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What training needs and {@link NDArray} lacks, and the only door to engine-specific kernels.
 *
 * <p>Unless stated otherwise every operation keeps gradients, and its result belongs to the current {@link Scope}, or
 * to the manager of its first operand when no scope is open. A linear weight is stored [out, in] and applied as x Wᵀ.
 */
public interface Ops {
    // ---- linear algebra

    /** y = x Wᵀ; x [.., in], cast to the weight's type; weight [out, in]. */
    NDArray linear(NDArray x, NDArray weight);

    /** y = x Wᵀ + b; bias [out]. */
    NDArray linear(NDArray x, NDArray weight, NDArray bias);

    /**
     * scale · σ(x Dᵀ) Uᵀ; down D [rank, in], up U [out, rank]. Computed in x's type, whose gradients reach the factors in
     * theirs.
     */
    NDArray bottleneck(NDArray x, NDArray down, NDArray up, double scale, Activation activation);

    /** y + scale · σ(x Dᵀ) Uᵀ, written over y [.., out], which no backward pass may read. */
    NDArray addBottleneck(NDArray y, NDArray x, NDArray down, NDArray up, double scale, Activation activation);

    /**
     * x · factor. Where a gradient is wanted, {@link NDArray#mul(Number)} and {@link NDArray#div(Number)} are not to be
     * used: the graph keeps their number for the backward pass, but its memory may be reused as soon as they return.
     */
    NDArray scale(NDArray x, double factor);

    /** X with A X = B; A [n, n], B [n, columns]. */
    NDArray solve(NDArray a, NDArray b);

    /** Eigenvectors [n, count] of a symmetric A [n, n], those of the largest eigenvalues first. */
    NDArray principal(NDArray a, int count);

    // ---- transformer blocks

    /** Rows of a table [vocabulary, hidden] by ids [batch, tokens] (int64). */
    NDArray embedding(NDArray ids, NDArray table);

    /** Layer normalisation over the last axis. */
    NDArray layerNorm(NDArray x, NDArray weight, NDArray bias, double epsilon);

    /** x · rsqrt(mean(x²) + ε) · weight over the last axis; the mean in float32. */
    NDArray rmsNorm(NDArray x, NDArray weight, double epsilon);

    /** Element-wise non-linearity. */
    NDArray activation(NDArray x, Activation activation);

    /**
     * softmax(scale · Q Kᵀ + bias) V. q [batch, heads, queries, d], k and v [batch, kvHeads, keys, d]; when kvHeads is
     * smaller, each serves heads / kvHeads query heads.
     */
    NDArray attention(NDArray q, NDArray k, NDArray v, double scale);

    /** The same with an additive bias that broadcasts to [batch, heads, queries, keys]; −∞ or a large negative hides. */
    NDArray attention(NDArray q, NDArray k, NDArray v, NDArray bias, double scale);

    /** The same where query i sees keys up to i (both start at the same position). */
    NDArray causalAttention(NDArray q, NDArray k, NDArray v, double scale);

    /**
     * dropout(softmax(scale · Q Kᵀ + bias)) V: each weight is dropped with a probability above 0, the others grow by 1 / (1 −
     * probability). Reproducible as {@link #dropout} is.
     *
     * @param bias one that broadcasts to [batch, heads, queries, keys], or none
     */
    NDArray droppedAttention(NDArray q, NDArray k, NDArray v, List<NDArray> bias, double scale, double probability);

    /** Rotary positions, halves rotated (Hugging Face order): x [batch, heads, tokens, d], cos and sin [tokens, d]. */
    NDArray rotary(NDArray x, NDArray cos, NDArray sin);

    /** Inverted dropout; reproducible because the engine is reseeded with (seed, step) before each step. */
    NDArray dropout(NDArray x, double probability);

    // ---- experts

    /**
     * y [tokens, out] = Σ over each token's experts e of σ(x W_eᵀ + b_e + Δ_e) V_eᵀ, outside the graph; the rows of W and
     * columns of V of other experts are not multiplied.
     *
     * @param x [tokens, in], of the weights' type
     * @param chosen int64 [tokens, k], no expert twice for a token
     * @param beside Δ [tokens, units], or nothing
     * @param units zeros [tokens, units] that the chosen neurons are written into, or nothing
     */
    NDArray experts(NDArray x, NDArray chosen, ExpertWeights weights, List<NDArray> beside, List<NDArray> units);

    // ---- losses and types

    /** Mean cross entropy in float32: logits [n, classes], labels int64 [n]; rows labelled {@code ignoreIndex} do not count. */
    NDArray crossEntropy(NDArray logits, NDArray labels, long ignoreIndex);

    /** log softmax over the last axis, in float32. */
    NDArray logSoftmax(NDArray x);

    /**
     * A cast that keeps the gradient, bfloat16 and float16 included. {@link DataType#UNKNOWN}, which is what a bfloat16
     * array says of itself, means bfloat16, so that a cast to another array's type always works.
     */
    NDArray cast(NDArray x, DataType type);

    // ---- surgery: results belong to the operand's manager, even inside a scope, and carry no gradient

    /** A copy of the given positions along an axis, in their order. */
    NDArray select(NDArray x, int axis, int[] positions);

    /** A copy with the same manager. */
    NDArray copy(NDArray x);

    // ---- int8

    /** Codes and scales of a weight [out, in]: scale = max|row|/127 (1 for zeros), code = clamp(round(w/scale), ±127), half to even; belongs to the weight's manager. */
    QuantizedRows quantizeRows(NDArray weight);

    /** codes · scale as float32 [out, in]. */
    NDArray dequantize(QuantizedRows rows);

    /**
     * The exact W8A8 path: x is quantised per token, codes are multiplied exactly, y = acc · s_x · s_w.
     * Straight-through: dL/dx = (dL/dy)(codes · s_w).
     */
    NDArray int8Linear(NDArray x, QuantizedRows rows);

    /** x (s ⊙ q)ᵀ; the floating-point weight lives as long as the product takes, in both directions. */
    NDArray dequantizedLinear(NDArray x, QuantizedRows rows);

    /** Packs int8 rows for this machine's fastest kernel; {@code bias} is added in float32. */
    PreparedLinear prepareInt8(QuantizedRows rows, List<NDArray> bias);

    // ---- packed codes

    /**
     * Codes, uint8 [n], each below 2^bits, as one stream of bits, each code from its least significant bit: 2 bits lie four
     * to a byte, 4 bits two to a byte, low nibble first, 3 bits without gaps. uint8 [⌈n · bits / 8⌉], the rest zero;
     * belongs to the codes' manager, even inside a scope.
     *
     * @param bits 2, 3, 4 or 8
     */
    NDArray packBits(NDArray codes, int bits);

    /** The first {@code count} codes of such a stream, uint8 [count]. */
    NDArray unpackBits(NDArray stream, int bits, long count);

    // ---- factors of matrices, computed in float64, without a gradient

    /**
     * U, upper triangular with UᵀU = H⁻¹, float32 [n, n], of a symmetric H [n, n]; empty where H is not positive definite.
     */
    Optional<NDArray> inverseFactor(NDArray matrix);

    /**
     * The nearest matrix of a rank to M [out, in] as a product: with the singular values S, U √S above √S Vᵀ transposed,
     * float32 [out + in, rank].
     */
    NDArray rankFactors(NDArray matrix, int rank);

    // ---- training

    /** A float32 leaf that collects gradients, a copy of {@code value} (float64 stays); belongs to value's manager, even inside a scope. */
    NDArray trainable(NDArray value);

    /**
     * float32 values that lie in an existing file of as many bytes: what is written goes there, and the memory of pages that
     * nobody reads can be had for others. The file may be deleted as soon as this returns. Belongs to {@code manager}, even
     * inside a scope; on the CPU alone.
     */
    NDArray inFile(NDManager manager, Path file, Shape shape);

    /** Runs {@code body} with the autograd graph recorded. */
    <T> T withGradients(Supplier<T> body);

    /** Runs {@code body} without recording. */
    <T> T withoutGradients(Supplier<T> body);

    /** Adds dloss/dleaf to every leaf's gradient; the graph is freed. */
    void backward(NDArray loss);

    /** y = f(inputs), part of the graph through a backward pass of its own. */
    NDArray custom(List<NDArray> inputs, CustomFunction function);

    /**
     * x where several uses of it begin. While gradients are recorded, what they send back is added up here before it
     * flows on; without it each {@link #custom} use, such as a linear layer with a frozen weight, would send its share
     * through everything before x on its own. The same x otherwise.
     */
    NDArray joint(NDArray x);

    /**
     * y = body(x), of whose inside nothing is kept for the backward pass: that runs {@code body} once more, with the same
     * dropout. Other tensors that the body reads must be inputs too, or need no gradient.
     */
    NDArray recomputed(List<NDArray> inputs, Function<List<NDArray>, NDArray> body);

    /** Runs {@code body} and frees every array it made but the one it gives back, which belongs to the scope outside. */
    NDArray tidy(Supplier<NDArray> body);

    /** The gradient of a leaf, a view that {@link #zeroGradient} clears; zeros when nothing reached the leaf. */
    NDArray gradient(NDArray leaf);

    /** Forgets a leaf's gradient. */
    void zeroGradient(NDArray leaf);

    /** The same values outside the graph, sharing memory. */
    NDArray detach(NDArray x);

    /** Overwrites {@code target} in place, outside the graph. */
    void assign(NDArray target, NDArray values);

    /** Scales all gradients so that their joint L2 norm is at most {@code maxNorm}; gives the norm before, on the device. */
    NDArray clipGradients(List<NDArray> leaves, double maxNorm);

    /**
     * One fused AdamW step in place on leaves and moments, with bias correction for the 1-based {@code step}; ε is added
     * to √(v/bias₂).
     */
    void adamW(
            List<NDArray> leaves,
            List<NDArray> firstMoments,
            List<NDArray> secondMoments,
            long step,
            AdamWSettings settings);

    /** Seeds the engine's generator; only the low 32 bits count. */
    void seed(long seed);

    // ---- lifetime

    /**
     * While open on this thread, every array made here belongs to the scope and is freed when it closes: results of
     * operations, of plain NDArray arithmetic, and what a manager creates. Scopes nest.
     */
    Scope scope();

    /** Owns the tensors of one step. */
    interface Scope extends AutoCloseable {
        /** Lets {@code tensor} outlive this scope: it goes to the manager of {@code owner}. */
        NDArray keep(NDArray tensor, NDArray owner);

        @Override
        void close();
    }
}
