package org.cpet.runtime.engine;

import ai.djl.ndarray.types.DataType;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/** libtorch's numbers of element types. */
final class TorchTypes {
    private TorchTypes() {}

    static long code(DataType type) {
        return switch (type) {
            case UINT8 -> 0;
            case INT8 -> 1;
            case INT32 -> 3;
            case INT64 -> 4;
            case FLOAT16 -> 5;
            case FLOAT32 -> 6;
            case FLOAT64 -> 7;
            case BOOLEAN -> 11;
            // DJL gives bfloat16 arrays no name of their own
            case BFLOAT16, UNKNOWN -> 15;
            default ->
                throw new CpetException(
                        ExitCode.BUG, "element type; found " + type + "; allowed float, int8, int32, int64, boolean");
        };
    }
}
