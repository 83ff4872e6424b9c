package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import java.util.function.Supplier;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.tensor.Ops;
import org.jspecify.annotations.Nullable;

/**
 * Owns every array made on its thread while it is open, those of plain NDArray arithmetic included. Built on DJL's
 * {@link NDScope}, which registers arrays as they are made; a sub manager would miss results whose first operand is a
 * long-lived parameter.
 */
final class StepScope implements Ops.Scope {
    private static final ThreadLocal<@Nullable StepScope> INNERMOST = new ThreadLocal<>();

    private final NDScope arrays = new NDScope();
    private final @Nullable StepScope outer = INNERMOST.get();
    private boolean open = true;

    StepScope() {
        INNERMOST.set(this);
    }

    /** Runs {@code body} in a scope of its own; what it gives back must not be an array. */
    @SuppressWarnings("try") // the scope is opened for what it closes
    static <T> T within(Supplier<T> body) {
        try (StepScope scope = new StepScope()) {
            return body.get();
        }
    }

    @Override
    public NDArray keep(NDArray tensor, NDArray owner) {
        if (INNERMOST.get() != this) {
            throw new CpetException(ExitCode.BUG, "only the innermost scope of a thread can let a tensor out");
        }
        release(tensor);
        ((PtNDArray) tensor).attach(owner.getManager());
        return tensor;
    }

    /** Takes {@code tensor} out of the current scope, if there is one; its manager owns it from here on. */
    static NDArray release(NDArray tensor) {
        NDScope.unregister(tensor);
        return tensor;
    }

    /** Puts {@code tensor}, released before, into the current scope, if there is one. */
    static NDArray adopt(NDArray tensor) {
        NDScope.register(tensor);
        return tensor;
    }

    @Override
    public void close() {
        if (!open) {
            return;
        }
        if (INNERMOST.get() != this) {
            throw new CpetException(ExitCode.BUG, "scopes of a thread must close in the reverse order of opening");
        }
        open = false;
        arrays.close();
        if (outer == null) {
            Tape.clear();
            INNERMOST.remove();
        } else {
            INNERMOST.set(outer);
        }
    }
}
