package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.cpet.spi.tensor.CustomFunction;
import org.jspecify.annotations.Nullable;

/**
 * Functions whose backward pass is ours, which libtorch allows in C++ and Python only. A function's output starts a new
 * graph at a leaf of its own; the tape remembers what it came from. Backward runs libtorch on the last part, takes the
 * gradient that reached the last leaf, asks its function for those of its inputs, goes on with these, and so back to the
 * start.
 *
 * <p>Functions stand on the tape in the order of the forward pass, so whatever uses a leaf has sent its gradient before
 * the leaf's own turn comes. The tape holds places in graphs, not values: its tensors are single numbers expanded to a
 * shape, so what only the forward pass needs is freed when its last user lets go. One tape a thread; it ends with the
 * outermost scope.
 */
final class Tape {
    private static final ThreadLocal<Deque<Entry>> ENTRIES = ThreadLocal.withInitial(ArrayDeque::new);

    private final TorchModule module;

    Tape(TorchModule module) {
        this.module = module;
    }

    /**
     * Handles of the tape's own, so that nobody else's scope ends them.
     *
     * @param inputs where the gradients of the inputs go; absent for those that need none
     * @param leaf where that of the output arrives
     * @param kept what the function asked for
     */
    private record Entry(List<Optional<NDArray>> inputs, NDArray leaf, List<NDArray> kept, CustomFunction function) {
        void close() {
            inputs.forEach(input -> input.ifPresent(NDArray::close));
            leaf.close();
            kept.forEach(NDArray::close);
        }
    }

    /** Whether a graph is being recorded that reaches {@code x}. */
    boolean reaches(NDArray x) {
        return JniUtils.isGradMode() && needsGradient(x);
    }

    /** DJL's own question is answered with no for every tensor that was computed. */
    private boolean needsGradient(NDArray x) {
        return module.ask("requires_grad", x);
    }

    NDArray record(List<NDArray> inputs, CustomFunction function) {
        GradMode.prepareThread();
        if (inputs.stream().noneMatch(this::reaches)) {
            return GradMode.with(false, () -> function.forward(x -> x));
        }
        List<NDArray> kept = new ArrayList<>();
        NDArray values = GradMode.with(
                false,
                () -> function.forward(x -> {
                    kept.add(StepScope.release(module.call("detach", x)));
                    return kept.get(kept.size() - 1);
                }));
        NDArray leaf = StepScope.release(GradMode.with(false, () -> module.call("point", values)));
        leaf.setRequiresGradient(true);
        ENTRIES.get().push(new Entry(inputs.stream().map(this::edge).toList(), leaf, kept, function));
        return module.call("grown", leaf, values);
    }

    NDArray joint(NDArray x) {
        GradMode.prepareThread();
        return reaches(x)
                ? record(List.of(x), new FrozenLinear(() -> module.call("detach", x), gradient -> gradient))
                : x;
    }

    /** Runs back from {@code loss} to the leaves that nobody computed. */
    void backward(NDArray loss) {
        GradMode.prepareThread();
        try (NDArray one = loss.onesLike()) {
            send(loss, one);
        }
        Deque<Entry> entries = ENTRIES.get();
        while (!entries.isEmpty()) {
            Entry entry = entries.pop();
            try {
                run(entry);
            } finally {
                entry.close();
            }
        }
    }

    @SuppressWarnings("try") // the scope frees what the function makes
    private void run(Entry entry) {
        try (StepScope scope = new StepScope()) {
            @Nullable NDArray arrived = JniUtils.getGradient((PtNDArray) entry.leaf);
            if (arrived == null) {
                return; // the loss does not depend on it
            }
            List<NDArray> gradients = GradMode.with(false, () -> entry.function.backward(arrived));
            for (int i = 0; i < gradients.size(); i++) {
                NDArray gradient = gradients.get(i);
                entry.inputs.get(i).ifPresent(input -> send(input, gradient));
            }
        }
    }

    /** The graph stays until its tensors go: another function may share a part of it. */
    private static void send(NDArray output, NDArray gradient) {
        JniUtils.backward((PtNDArray) output, (PtNDArray) gradient, true, false);
    }

    private Optional<NDArray> edge(NDArray x) {
        return reaches(x) ? Optional.of(StepScope.release(module.call("edge", x))) : Optional.empty();
    }

    /** Forgets a pass that nobody ran back. */
    static void clear() {
        Deque<Entry> entries = ENTRIES.get();
        entries.forEach(Entry::close);
        entries.clear();
    }
}
