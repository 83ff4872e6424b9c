package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import java.util.Optional;

/** A gradient that arrives in parts. The first part may be somebody else's memory and is never written to. */
final class GradientSum {
    private final TorchModule module;
    private Optional<NDArray> sum = Optional.empty();
    private boolean owned;

    GradientSum(TorchModule module) {
        this.module = module;
    }

    /** Adds a part, outside any graph. */
    void add(NDArray part) {
        if (sum.isEmpty()) {
            set(module.call("same", part), false);
        } else if (owned) {
            sum.get().addi(part);
        } else {
            NDArray first = sum.get();
            set(first.add(part), true);
            first.close();
        }
    }

    private void set(NDArray value, boolean own) {
        sum = Optional.of(StepScope.release(value));
        owned = own;
    }

    /** The sum so far, for the current scope. */
    Optional<NDArray> value() {
        return sum.map(value -> module.call("same", value));
    }

    void clear() {
        sum.ifPresent(NDArray::close);
        sum = Optional.empty();
    }
}
