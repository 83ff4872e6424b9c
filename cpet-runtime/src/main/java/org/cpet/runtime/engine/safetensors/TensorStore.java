package org.cpet.runtime.engine.safetensors;

import java.util.Map;
import org.cpet.spi.InputException;

/** Tensors in one or more checked files. */
public interface TensorStore {
    /** All tensors, sorted by name. */
    Map<String, TensorEntry> tensors();

    /** What messages call this store: the file or the directory. */
    String name();

    /** The tensor of that name. */
    default TensorEntry tensor(String tensor) {
        TensorEntry entry = tensors().get(tensor);
        if (entry == null) {
            throw new InputException(name() + ": tensor " + tensor + " is missing");
        }
        return entry;
    }
}
