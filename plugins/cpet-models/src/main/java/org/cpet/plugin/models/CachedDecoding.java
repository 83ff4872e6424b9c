package org.cpet.plugin.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.function.Function;
import org.cpet.spi.model.GenerativeModel;
import org.cpet.spi.tensor.Ops;

/** A generation: each step runs in a scope of its own, and what the next one needs stays in a {@link DecodingMemory}. */
public final class CachedDecoding implements GenerativeModel.Decoding {
    private final Ops ops;
    private final DecodingMemory memory;
    private final DecodingMemory.Slot logits;
    private final Step step;

    private CachedDecoding(Ops ops, DecodingMemory memory, Step step) {
        this.ops = ops;
        this.memory = memory;
        this.logits = memory.slot();
        this.step = step;
    }

    /**
     * Reads {@code first}, int64 [batch, tokens].
     *
     * @param owner parent of the manager that holds the cache
     */
    public static CachedDecoding start(Ops ops, NDManager owner, Function<DecodingMemory, Step> steps, NDArray first) {
        DecodingMemory memory = new DecodingMemory(ops, owner);
        boolean started = false;
        try {
            CachedDecoding decoding = new CachedDecoding(ops, memory, steps.apply(memory));
            decoding.advance(first);
            started = true;
            return decoding;
        } finally {
            if (!started) {
                memory.close();
            }
        }
    }

    @Override
    public NDArray logits() {
        return logits.get();
    }

    @Override
    public void append(NDArray tokens) {
        advance(tokens.reshape(tokens.size(), 1));
    }

    private void advance(NDArray ids) {
        Ops.Scope scope = ops.scope();
        try (scope) {
            ops.withoutGradients(() -> logits.set(step.next(ids)));
            memory.settle(scope);
        }
    }

    @Override
    public void close() {
        memory.close();
    }

    /** Runs the model over new tokens. */
    public interface Step {
        /** Logits [batch, vocabulary] after the last of the ids [batch, tokens]. */
        NDArray next(NDArray ids);
    }
}
