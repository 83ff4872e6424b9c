package org.cpet.runtime.engine.safetensors;

import ai.djl.ndarray.types.DataType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Element types of the format. Those without an array type are known, so a header may name them, but not computed with. */
public enum ElementType {
    BOOL(1, DataType.BOOLEAN),
    U8(1, DataType.UINT8),
    I8(1, DataType.INT8),
    F8_E5M2(1, null),
    F8_E4M3(1, null),
    I16(2, null),
    U16(2, null),
    F16(2, DataType.FLOAT16),
    BF16(2, DataType.BFLOAT16),
    I32(4, DataType.INT32),
    U32(4, null),
    F32(4, DataType.FLOAT32),
    F64(8, DataType.FLOAT64),
    I64(8, DataType.INT64),
    U64(8, null);

    private final int bytes;
    private final Optional<DataType> arrayType;

    ElementType(int bytes, @Nullable DataType arrayType) {
        this.bytes = bytes;
        this.arrayType = Optional.ofNullable(arrayType);
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** The type of an array read from it, if there is one. */
    public Optional<DataType> arrayType() {
        return arrayType;
    }

    /** Whether values are real numbers, which may be widened or narrowed on reading. */
    public boolean isFloating() {
        return this == F16 || this == BF16 || this == F32 || this == F64;
    }
}
