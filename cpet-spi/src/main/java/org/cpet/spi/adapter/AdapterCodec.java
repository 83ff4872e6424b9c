package org.cpet.spi.adapter;

import java.util.List;

/** Makes task vectors smaller. Deterministic. */
public interface AdapterCodec {
    /** The version of the format that {@link PackedAdapter#saved()} has; {@link #read} also takes all earlier ones. */
    int version();

    /**
     * Packs a vector.
     *
     * @throws org.cpet.spi.InputException when it holds what this codec cannot pack, such as NaN
     */
    PackedAdapter pack(TaskVector vector);

    /**
     * The same vector packed with each setting that validation data may choose from, in the order in which ties are
     * decided; the one of the options alone where there is nothing to choose.
     */
    default List<PackedAdapter> candidates(TaskVector vector) {
        return List.of(pack(vector));
    }

    /**
     * Makes a packed adapter from a file nobody has vetted, of this version or an earlier one. The options of this codec
     * play no part.
     *
     * @param tensors sorted by name
     * @throws org.cpet.spi.InputException with the reason when it is damaged
     */
    PackedAdapter read(List<AdapterTensor> tensors, SavedAdapter saved);
}
