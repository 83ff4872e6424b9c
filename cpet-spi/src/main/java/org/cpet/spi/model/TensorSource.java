package org.cpet.spi.model;

import ai.djl.ndarray.NDManager;

/** Gives a model its tensors by name: from mapped files, or drawn from a seed. */
public interface TensorSource {
    /** The tensor of that name; the same object when asked twice, so ties are kept. */
    ModelTensor take(String name);

    /** Owns the tensors; the model closes it. */
    NDManager manager();
}
