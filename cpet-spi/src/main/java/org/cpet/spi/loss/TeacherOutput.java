package org.cpet.spi.loss;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/** What the teacher computed for a batch, outside the graph; padded like the batch, padding undefined. */
public record TeacherOutput(Map<OutputKind, NDArray> tensors) {
    /** A part that the loss asked for. */
    public NDArray get(OutputKind kind) {
        NDArray tensor = tensors.get(kind);
        if (tensor == null) {
            throw new IllegalStateException("the teacher's " + kind + " was not asked for by needs()");
        }
        return tensor;
    }
}
