package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.cpet.spi.tensor.CustomFunction;

/**
 * Functions whose backward pass is ours, which libtorch allows in C++ and Python only. A function's output starts a new
 * graph as a leaf; the tape remembers what it came from. Backward runs libtorch on the last part, takes the gradient that
 * reached the last leaf, asks its function for those of its inputs, goes on with these, and so back to the start.
 *
 * <p>Functions stand on the tape in the order of the forward pass, so whatever uses a leaf has sent its gradient before
 * the leaf's own turn comes. Of computed inputs the tape holds the places in their graphs, not the values: single numbers
 * expanded to a shape, so that what only the forward pass needs is freed when its last user lets go. One tape a thread;
 * it ends with the outermost scope.
 */
final class Tape {
    private static final ThreadLocal<Passes> PASSES = ThreadLocal.withInitial(Passes::new);

    private final TorchModule module;
    private final Leaves leaves;

    Tape(TorchModule module, Leaves leaves) {
        this.module = module;
        this.leaves = leaves;
    }

    /** What a thread has recorded. */
    private static final class Passes {
        private final Deque<Entry> entries = new ArrayDeque<>();
        private final IdentityHashMap<NDArray, Output> outputs = new IdentityHashMap<>();
    }

    /**
     * A leaf that starts a new graph.
     *
     * @param leaf where libtorch leaves what reached it; {@code sum} is what functions sent
     */
    private record Output(NDArray leaf, GradientSum sum) {
        Optional<NDArray> arrived() {
            Optional.ofNullable(JniUtils.getGradient((PtNDArray) leaf)).ifPresent(sum::add);
            return sum.value();
        }

        void close() {
            leaf.close();
            sum.clear();
        }
    }

    /**
     * A function that was applied.
     *
     * @param targets where the gradients of the inputs go
     * @param kept what the function asked for
     */
    private record Entry(List<Target> targets, Output output, List<NDArray> kept, CustomFunction function) {
        void close() {
            targets.forEach(target -> target.place().ifPresent(NDArray::close));
            output.close();
            kept.forEach(NDArray::close);
        }
    }

    /**
     * Where an input's gradient goes.
     *
     * @param gradient takes it; absent where nobody asks for it
     * @param place in a graph of libtorch's, where the input has one
     */
    private record Target(Optional<Consumer<NDArray>> gradient, Optional<NDArray> place) {
        static Target of(GradientSum sum) {
            return new Target(Optional.of(sum::add), Optional.empty());
        }
    }

    /** Whether a graph is being recorded that reaches {@code x}. */
    boolean reaches(NDArray x) {
        // DJL's own question is answered with no for every tensor that was computed
        return JniUtils.isGradMode()
                && (PASSES.get().outputs.containsKey(x) || leaves.sum(x).isPresent() || module.ask("requires_grad", x));
    }

    NDArray record(List<NDArray> inputs, CustomFunction function) {
        return record(inputs, function, false);
    }

    /** @param always whether the function reaches trainable tensors beside its inputs */
    private NDArray record(List<NDArray> inputs, CustomFunction function, boolean always) {
        GradMode.prepareThread();
        if (!JniUtils.isGradMode()) {
            return function.forward(x -> x);
        }
        List<Target> targets = inputs.stream().map(this::target).toList();
        if (!always && targets.stream().allMatch(target -> target.gradient().isEmpty())) {
            return GradMode.with(false, () -> function.forward(x -> x));
        }
        List<NDArray> kept = new ArrayList<>();
        NDArray output = GradMode.with(
                false,
                () -> function.forward(x -> {
                    kept.add(StepScope.release(module.call("detach", x)));
                    return kept.get(kept.size() - 1);
                }));
        PASSES.get().entries.push(new Entry(targets, start(output), kept, function));
        return output;
    }

    /** Makes a tensor without a graph the leaf of a new one. */
    private Output start(NDArray tensor) {
        tensor.setRequiresGradient(true);
        Output output = new Output(StepScope.release(module.call("same", tensor)), new GradientSum(module));
        PASSES.get().outputs.put(tensor, output);
        return output;
    }

    private Target target(NDArray input) {
        Output earlier = PASSES.get().outputs.get(input);
        if (earlier != null) {
            return Target.of(earlier.sum);
        }
        Optional<GradientSum> trainable = leaves.sum(input);
        if (trainable.isPresent()) {
            return Target.of(trainable.get());
        }
        if (!module.ask("requires_grad", input)) {
            return new Target(Optional.empty(), Optional.empty());
        }
        NDArray place = StepScope.release(module.call("edge", input));
        return new Target(Optional.of(gradient -> send(place, gradient)), Optional.of(place));
    }

    NDArray joint(NDArray x) {
        GradMode.prepareThread();
        return reaches(x) && !PASSES.get().outputs.containsKey(x)
                ? record(
                        List.of(x),
                        new FrozenLinear(List.of(), () -> module.call("detach", x), (gradient, kept) -> gradient))
                : x;
    }

    /** Another handle of the same tensor. */
    NDArray same(NDArray x) {
        NDArray other = module.call("same", x);
        Output output = PASSES.get().outputs.get(x);
        if (output != null) {
            PASSES.get().outputs.put(other, output);
        }
        return other;
    }

    /** y = body(inputs), run again in the backward pass instead of being kept. */
    NDArray recomputed(List<NDArray> inputs, Function<List<NDArray>, NDArray> body, Runnable random) {
        return record(inputs, new Recomputed(this, inputs, body, random), true);
    }

    /** Runs a body with its graph on copies of its inputs, and back from {@code gradient} to them. */
    List<NDArray> through(List<NDArray> inputs, Function<List<NDArray>, NDArray> body, NDArray gradient) {
        int depth = PASSES.get().entries.size();
        List<NDArray> fresh =
                inputs.stream().map(input -> module.call("detach", input)).toList();
        List<Output> starts = fresh.stream().map(this::start).toList();
        NDArray output = GradMode.with(true, () -> body.apply(fresh));
        send(output, gradient);
        runDownTo(depth);
        List<NDArray> arrived = new ArrayList<>();
        for (int i = 0; i < fresh.size(); i++) {
            NDArray input = fresh.get(i);
            // DJL's own zerosLike ends the process where the type is bfloat16
            arrived.add(starts.get(i).arrived().orElseGet(() -> module.call("zeros_like", input)));
            starts.get(i).close();
        }
        return arrived;
    }

    /** Runs back from {@code loss} to the leaves that nobody computed. */
    void backward(NDArray loss) {
        GradMode.prepareThread();
        try (NDArray one = loss.onesLike()) {
            send(loss, one);
            runDownTo(0);
        } finally {
            clear();
        }
    }

    private void runDownTo(int depth) {
        Deque<Entry> entries = PASSES.get().entries;
        while (entries.size() > depth) {
            Entry entry = entries.pop();
            GradMode.with(false, () -> run(entry));
            entry.close();
        }
    }

    @SuppressWarnings("try") // the scope frees what the function makes
    private boolean run(Entry entry) {
        try (StepScope scope = new StepScope()) {
            Optional<NDArray> arrived = entry.output.arrived();
            arrived.map(entry.function::backward).ifPresent(gradients -> {
                for (int i = 0; i < entry.targets.size(); i++) {
                    NDArray gradient = gradients.get(i);
                    entry.targets.get(i).gradient().ifPresent(target -> target.accept(gradient));
                }
            });
            return arrived.isPresent();
        }
    }

    /** The graph stays until its tensors go: another function may share a part of it. */
    private static void send(NDArray output, NDArray gradient) {
        JniUtils.backward((PtNDArray) output, (PtNDArray) gradient, true, false);
    }

    /** Forgets a pass that nobody ran back. */
    static void clear() {
        Passes passes = PASSES.get();
        passes.entries.forEach(Entry::close);
        passes.entries.clear();
        passes.outputs.clear();
    }
}
