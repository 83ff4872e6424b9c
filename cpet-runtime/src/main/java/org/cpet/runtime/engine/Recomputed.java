package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.cpet.spi.tensor.CustomFunction;

/** A part of the graph that keeps its inputs alone, and is run again when its gradient is asked for. */
final class Recomputed implements CustomFunction {
    private final Tape tape;
    private final List<NDArray> inputs;
    private final Function<List<NDArray>, NDArray> body;
    private final Runnable random;
    private List<NDArray> kept = List.of();

    /** @param random brings the generator into the state that each run of this part starts from */
    Recomputed(Tape tape, List<NDArray> inputs, Function<List<NDArray>, NDArray> body, Runnable random) {
        this.tape = tape;
        this.inputs = inputs;
        this.body = body;
        this.random = random;
    }

    @Override
    public NDArray forward(UnaryOperator<NDArray> keep) {
        kept = inputs.stream().map(keep).toList();
        random.run();
        return tape.same(body.apply(inputs));
    }

    @Override
    public List<NDArray> backward(NDArray gradient) {
        random.run();
        return tape.through(kept, body, gradient);
    }
}
