package org.cpet.spi.tensor;

import ai.djl.ndarray.NDArray;

/**
 * A matrix in int8, symmetric, one scale per row: w ≈ codes · scale.
 *
 * @param codes int8 [out, in], in −127..127
 * @param scales float32 [out], max|row| / 127, or 1 for a row of zeros
 */
public record QuantizedRows(NDArray codes, NDArray scales) implements AutoCloseable {
    @Override
    public void close() {
        codes.close();
        scales.close();
    }
}
