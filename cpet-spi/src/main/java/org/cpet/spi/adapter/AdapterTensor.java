package org.cpet.spi.adapter;

import ai.djl.ndarray.types.Shape;

/**
 * A tensor of an adapter.
 *
 * @param name its key in the adapter's file
 */
public record AdapterTensor(String name, Shape shape) {
    /** Number of elements. */
    public int size() {
        return Math.toIntExact(shape.size());
    }
}
