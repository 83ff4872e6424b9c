package org.cpet.plugin.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.cpet.spi.tensor.Ops;

/** Tensors that outlive the steps of a generation: {@link KeyValues}, masks, the last logits. */
public final class DecodingMemory implements AutoCloseable {
    private final Ops ops;
    private final NDManager manager;
    private final NDArray anchor;
    private final List<Slot> slots = new ArrayList<>();

    DecodingMemory(Ops ops, NDManager parent) {
        this.ops = ops;
        this.manager = parent.newSubManager();
        // a copy belongs to the manager even where a scope is open, which owns whatever else is made
        this.anchor = ops.copy(manager.zeros(new Shape(1)));
    }

    /** A new, empty place for a tensor. */
    public Slot slot() {
        Slot slot = new Slot();
        slots.add(slot);
        return slot;
    }

    /** Room for the keys and values of an attention. */
    public KeyValues keyValues() {
        return new KeyValues(ops, manager);
    }

    /** Lets what this step put into slots outlive {@code scope}, and frees what it replaced. */
    void settle(Ops.Scope scope) {
        slots.forEach(slot -> slot.settle(scope, anchor));
    }

    @Override
    public void close() {
        manager.close();
    }

    /** A place for a tensor. */
    public static final class Slot {
        private Optional<NDArray> settled = Optional.empty();
        private Optional<NDArray> fresh = Optional.empty();

        private Slot() {}

        /** Puts a tensor of the current step here. */
        public NDArray set(NDArray tensor) {
            fresh = Optional.of(tensor);
            return tensor;
        }

        public boolean isEmpty() {
            return fresh.isEmpty() && settled.isEmpty();
        }

        public NDArray get() {
            return fresh.or(() -> settled).orElseThrow(() -> new NoSuchElementException("nothing was put here yet"));
        }

        private void settle(Ops.Scope scope, NDArray owner) {
            if (fresh.isPresent()) {
                NDArray kept = scope.keep(fresh.get(), owner);
                settled.ifPresent(NDArray::close);
                settled = Optional.of(kept);
                fresh = Optional.empty();
            }
        }
    }
}
