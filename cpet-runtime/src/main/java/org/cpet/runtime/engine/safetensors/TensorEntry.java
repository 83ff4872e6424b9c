package org.cpet.runtime.engine.safetensors;

import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;

/**
 * Where a tensor lies.
 *
 * @param file the file that holds it
 * @param begin of its bytes in the file, counted from the file's start
 * @param end one past its last byte
 */
public record TensorEntry(String name, ElementType type, Shape shape, Path file, long begin, long end) {
    /** Number of elements. */
    public long elements() {
        return (end - begin) / type.bytes();
    }
}
