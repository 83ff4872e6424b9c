package org.cpet.runtime.train;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/** Tensors of a checkpoint by name. */
final class SavedTensors {
    private SavedTensors() {}

    static NDArray require(Map<String, NDArray> tensors, String name) {
        NDArray tensor = tensors.get(name);
        if (tensor == null) {
            throw new CpetException(
                    ExitCode.RUN_DIRECTORY,
                    "the checkpoint lacks tensor '" + name + "'; found " + tensors.size()
                            + " others; allowed a checkpoint of the same recipe and release");
        }
        return tensor;
    }
}
