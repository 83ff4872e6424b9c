package org.cpet.plugin.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.cpet.spi.tensor.Ops;

/**
 * Keys and values of an attention, [batch, groups, positions, d], in memory with room for more positions: a new one is
 * written behind the others, and only when the room is used up everything moves to twice as much.
 */
public final class KeyValues {
    private static final int SMALLEST = 64;

    private final Room keys;
    private final Room values;

    KeyValues(Ops ops, NDManager manager) {
        this.keys = new Room(ops, manager);
        this.values = new Room(ops, manager);
    }

    /** Appends positions. */
    public void extend(NDArray k, NDArray v) {
        keys.append(k);
        values.append(v);
    }

    /** All keys so far, a view that the current scope owns. */
    public NDArray keys() {
        return keys.view();
    }

    /** All values so far, a view that the current scope owns. */
    public NDArray values() {
        return values.view();
    }

    /** Positions so far. */
    public int length() {
        return keys.length;
    }

    /** One tensor that grows along its third axis. */
    private static final class Room {
        private final Ops ops;
        private final NDManager manager;
        private NDArray all;
        private int length;

        Room(Ops ops, NDManager manager) {
            this.ops = ops;
            this.manager = manager;
            this.all = manager.zeros(new Shape(0));
        }

        void append(NDArray added) {
            int end = length + (int) added.getShape().get(2);
            if (all.getShape().dimension() == 1 || end > all.getShape().get(2)) {
                grow(added, Math.max(SMALLEST, 2 * Integer.highestOneBit(end)));
            }
            ops.assign(all.get(positions(length, end)), added);
            length = end;
        }

        private void grow(NDArray like, int capacity) {
            Shape shape = like.getShape();
            NDArray larger;
            try (NDArray empty =
                    manager.create(new Shape(shape.get(0), shape.get(1), capacity, shape.get(3)), like.getDataType())) {
                larger = ops.copy(empty); // the manager's even where a scope is open
            }
            if (length > 0) {
                ops.assign(larger.get(positions(0, length)), view());
            }
            all.close();
            all = larger;
        }

        NDArray view() {
            return all.get(positions(0, length));
        }

        private static NDIndex positions(int begin, int end) {
            return new NDIndex().addAllDim().addAllDim().addSliceDim(begin, end);
        }
    }
}
