package org.cpet.spi.model;

import ai.djl.ndarray.NDArray;

/** A named tensor of a model, frozen unless something puts a trainable leaf in its place. */
public final class ModelTensor {
    private final String name;
    private NDArray value;

    public ModelTensor(String name, NDArray value) {
        this.name = name;
        this.value = value;
    }

    /** Its name in a Hugging Face file. */
    public String name() {
        return name;
    }

    /** The values. */
    public NDArray value() {
        return value;
    }

    /** Bytes of the values. */
    public long bytes() {
        int each = value.getDataType().getNumOfBytes();
        // DJL has no name for bfloat16 arrays and gives them no size
        return value.size() * (each == 0 ? 2 : each);
    }

    /** Puts a tensor of any shape here, as surgery does, and gives back the old one, which the caller now owns. */
    public NDArray resize(NDArray newValue) {
        NDArray old = value;
        value = newValue;
        return old;
    }

    /** Puts another tensor of the same shape here and gives back the old one, which the caller now owns. */
    public NDArray replace(NDArray newValue) {
        if (!newValue.getShape().equals(value.getShape())) {
            throw new IllegalArgumentException(
                    name + " has shape " + value.getShape() + ", not " + newValue.getShape());
        }
        NDArray old = value;
        value = newValue;
        return old;
    }
}
