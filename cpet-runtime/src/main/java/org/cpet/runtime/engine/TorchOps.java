package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.cpet.spi.tensor.Activation;
import org.cpet.spi.tensor.AdamWSettings;
import org.cpet.spi.tensor.CustomFunction;
import org.cpet.spi.tensor.ExpertWeights;
import org.cpet.spi.tensor.Ops;
import org.cpet.spi.tensor.PreparedLinear;
import org.cpet.spi.tensor.QuantizedRows;

/** {@link Ops} on libtorch: each operation is one call into {@code ops.torchscript}. */
final class TorchOps implements Ops {
    private final TorchModule module;
    private final DenseKernels dense;
    private final Int8Kernels int8;
    private final Tape tape;
    private final Leaves leaves;
    private final TorchTraining training;

    TorchOps(TorchModule module, DenseKernels dense, Int8Kernels int8, Tape tape, Leaves leaves) {
        this.module = module;
        this.dense = dense;
        this.int8 = int8;
        this.tape = tape;
        this.leaves = leaves;
        this.training = new TorchTraining(module, leaves);
    }

    @Override
    public NDArray linear(NDArray x, NDArray weight) {
        return dense.apply(x, weight, List.of());
    }

    @Override
    public NDArray linear(NDArray x, NDArray weight, NDArray bias) {
        return dense.apply(x, weight, List.of(bias));
    }

    @Override
    public NDArray bottleneck(NDArray x, NDArray down, NDArray up, double scale, Activation activation) {
        return bottleneck(new Bottleneck(module, Optional.empty(), x, down, up, scale, code(activation)));
    }

    @Override
    public NDArray addBottleneck(NDArray y, NDArray x, NDArray down, NDArray up, double scale, Activation activation) {
        return bottleneck(new Bottleneck(module, Optional.of(y), x, down, up, scale, code(activation)));
    }

    private NDArray bottleneck(Bottleneck function) {
        return tape.record(function.inputs(), function);
    }

    @Override
    public NDArray scale(NDArray x, double factor) {
        return module.call("scale", x, factor);
    }

    @Override
    public NDArray solve(NDArray a, NDArray b) {
        return module.call("solve", a, b);
    }

    @Override
    public NDArray principal(NDArray a, int count) {
        return module.call("principal", a, (long) count);
    }

    @Override
    public NDArray embedding(NDArray ids, NDArray table) {
        long rows = table.getShape().get(0);
        return tape.record(
                List.of(table),
                new FrozenLinear(
                        List.of(ids),
                        () -> module.call("embedding", ids, table),
                        (gradient, kept) -> module.call("embedding_back", gradient, kept.get(0), rows)));
    }

    @Override
    public NDArray layerNorm(NDArray x, NDArray weight, NDArray bias, double epsilon) {
        return module.call("layer_norm", x, weight, bias, epsilon);
    }

    @Override
    public NDArray rmsNorm(NDArray x, NDArray weight, double epsilon) {
        return tape.reaches(weight)
                ? module.call("rms_norm", x, weight, epsilon)
                : tape.record(List.of(x), new RootMeanSquareNorm(module, x, weight, epsilon));
    }

    @Override
    public NDArray activation(NDArray x, Activation activation) {
        return module.call("activation", x, code(activation));
    }

    @Override
    public NDArray attention(NDArray q, NDArray k, NDArray v, double scale) {
        return ShortAttention.fits(q, k)
                ? shortAttention(q, k, v, List.of(), scale)
                : module.call("attention", q, k, v, scale);
    }

    @Override
    public NDArray attention(NDArray q, NDArray k, NDArray v, NDArray bias, double scale) {
        return ShortAttention.fits(q, k) && !tape.reaches(bias)
                ? shortAttention(q, k, v, List.of(bias), scale)
                : module.call("attention_bias", q, k, v, bias, scale);
    }

    private NDArray shortAttention(NDArray q, NDArray k, NDArray v, List<NDArray> bias, double scale) {
        return tape.record(List.of(q, k, v), new ShortAttention(module, q, k, v, bias, scale, 0));
    }

    @Override
    public NDArray causalAttention(NDArray q, NDArray k, NDArray v, double scale) {
        return module.call("attention_causal", q, k, v, scale);
    }

    @Override
    public NDArray droppedAttention(
            NDArray q, NDArray k, NDArray v, List<NDArray> bias, double scale, double probability) {
        long heads = q.getShape().get(1);
        boolean shared = k.getShape().get(1) != heads;
        NDArray keys = shared ? module.call("repeated", k, heads) : k;
        NDArray values = shared ? module.call("repeated", v, heads) : v;
        // a bias that is trained gets its gradient from libtorch's own graph
        return bias.stream().anyMatch(tape::reaches)
                ? module.call("attention_dropped", q, keys, values, bias.get(0), scale, probability)
                : tape.record(
                        List.of(q, keys, values),
                        new ShortAttention(module, q, keys, values, bias, scale, probability));
    }

    @Override
    public NDArray rotary(NDArray x, NDArray cos, NDArray sin) {
        return tape.record(
                List.of(x),
                new FrozenLinear(
                        List.of(cos, sin),
                        () -> module.call("rotary", x, cos, sin),
                        (gradient, kept) -> module.call("rotary_back", gradient, kept.get(0), kept.get(1))));
    }

    @Override
    public NDArray dropout(NDArray x, double probability) {
        return module.call("dropout", x, probability);
    }

    @Override
    public NDArray experts(
            NDArray x, NDArray chosen, ExpertWeights weights, List<NDArray> beside, List<NDArray> units) {
        return GradMode.with(
                false,
                () -> module.call(
                        "experts",
                        x,
                        chosen,
                        weights.in(),
                        weights.bias(),
                        beside,
                        weights.out(),
                        units,
                        (long) weights.experts(),
                        code(weights.activation())));
    }

    @Override
    public NDArray crossEntropy(NDArray logits, NDArray labels, long ignoreIndex) {
        return tape.record(List.of(logits), new CrossEntropyLoss(module, logits, labels, ignoreIndex));
    }

    @Override
    public NDArray logSoftmax(NDArray x) {
        return module.call("log_softmax", x);
    }

    @Override
    public NDArray cast(NDArray x, DataType type) {
        return module.call("cast", x, TorchTypes.code(type));
    }

    @Override
    public NDArray select(NDArray x, int axis, int[] positions) {
        long[] index = IntStream.of(positions).asLongStream().toArray();
        return StepScope.release(module.call("select", x, (long) axis, index));
    }

    @Override
    public NDArray copy(NDArray x) {
        return StepScope.release(module.call("copy", x));
    }

    @Override
    public QuantizedRows quantizeRows(NDArray weight) {
        return int8.quantize(weight);
    }

    @Override
    public NDArray dequantize(QuantizedRows rows) {
        return module.call("dequantize", rows.codes(), rows.scales());
    }

    @Override
    public NDArray int8Linear(NDArray x, QuantizedRows rows) {
        return tape.record(List.of(x), new Int8Product(int8, dense, x, rows, true));
    }

    @Override
    public NDArray dequantizedLinear(NDArray x, QuantizedRows rows) {
        return tape.record(List.of(x), new Int8Product(int8, dense, x, rows, false));
    }

    @Override
    public PreparedLinear prepareInt8(QuantizedRows rows, List<NDArray> bias) {
        return int8.prepare(rows, bias);
    }

    @Override
    public NDArray packBits(NDArray codes, int bits) {
        return StepScope.release(module.call("pack_bits", codes, (long) bits));
    }

    @Override
    public NDArray unpackBits(NDArray stream, int bits, long count) {
        return module.call("unpack_bits", stream, (long) bits, count);
    }

    @Override
    public Optional<NDArray> inverseFactor(NDArray matrix) {
        NDArray factor = module.call("inverse_factor", matrix);
        // a factor of zeros says that there is none
        return module.call("first", factor).getFloat() > 0 ? Optional.of(factor) : Optional.empty();
    }

    @Override
    public NDArray rankFactors(NDArray matrix, int rank) {
        return module.call("rank_factors", matrix, (long) rank);
    }

    @Override
    public NDArray trainable(NDArray value) {
        return leaves.make(value);
    }

    @Override
    public NDArray inFile(NDManager manager, Path file, Shape shape) {
        return StepScope.release(
                module.callFor(manager, "in_file", file.toAbsolutePath().toString(), shape.size(), shape.getShape()));
    }

    @Override
    public <T> T withGradients(Supplier<T> body) {
        return GradMode.with(true, body);
    }

    @Override
    public <T> T withoutGradients(Supplier<T> body) {
        return GradMode.with(false, body);
    }

    @Override
    public void backward(NDArray loss) {
        tape.backward(loss);
    }

    @Override
    public NDArray custom(List<NDArray> inputs, CustomFunction function) {
        return tape.record(inputs, function);
    }

    @Override
    public NDArray joint(NDArray x) {
        return tape.joint(x);
    }

    @Override
    public NDArray recomputed(List<NDArray> inputs, Function<List<NDArray>, NDArray> body) {
        return tape.recomputed(inputs, body, training.nextPart());
    }

    @Override
    public NDArray tidy(Supplier<NDArray> body) {
        GradMode.prepareThread();
        NDArray result;
        try (StepScope scope = new StepScope()) {
            // a handle of its own, whoever owns what the body gave back
            result = StepScope.release(tape.same(body.get()));
        }
        return StepScope.adopt(result);
    }

    @Override
    public NDArray gradient(NDArray leaf) {
        return leaves.gradient(leaf);
    }

    @Override
    public void zeroGradient(NDArray leaf) {
        leaves.forget(leaf);
    }

    @Override
    public NDArray detach(NDArray x) {
        return module.call("detach", x);
    }

    @Override
    public void assign(NDArray target, NDArray values) {
        training.assign(target, values);
    }

    @Override
    public NDArray clipGradients(List<NDArray> leaves, double maxNorm) {
        return training.clip(leaves, maxNorm);
    }

    @Override
    public void adamW(
            List<NDArray> leaves,
            List<NDArray> firstMoments,
            List<NDArray> secondMoments,
            long step,
            AdamWSettings settings) {
        training.adamW(leaves, firstMoments, secondMoments, step, settings);
    }

    @Override
    public void seed(long seed) {
        training.seed(seed);
    }

    @Override
    public Scope scope() {
        GradMode.prepareThread();
        return new StepScope();
    }

    /** The numbers that {@code activation} in ops.torchscript knows. */
    private static long code(Activation activation) {
        return switch (activation) {
            case IDENTITY -> 0;
            case RELU -> 1;
            case GELU -> 2;
            case GELU_TANH -> 3;
            case SILU -> 4;
            case TANH -> 5;
        };
    }
}
