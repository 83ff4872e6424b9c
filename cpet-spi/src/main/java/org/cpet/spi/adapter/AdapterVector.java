package org.cpet.spi.adapter;

import java.util.List;

/**
 * τ = θ_trained − θ_initial of an adapter, in whatever form it is held. Flat positions run through the tensors in order of
 * their names, each row by row.
 */
public interface AdapterVector {
    /** The tensors, sorted by name. */
    List<AdapterTensor> tensors();

    /** The values as float32; a copy unless it is held as such. */
    TaskVector unpack();

    /** Number of elements of all tensors. */
    default long size() {
        return tensors().stream().mapToLong(AdapterTensor::size).sum();
    }
}
