package org.cpet.runtime.adapter;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.engine.safetensors.PlainTensor;
import org.cpet.runtime.engine.safetensors.SafetensorsFile;
import org.cpet.runtime.engine.safetensors.TensorEntry;
import org.cpet.runtime.interop.InitialValues;
import org.cpet.runtime.interop.PackedFile;
import org.cpet.spi.adapter.AdapterVector;

/**
 * One weights file of an adapter: that of the PET, or that of the recovery module.
 *
 * @param vector how far its tensors are from where they started
 * @param kept tensors that are neither compressed nor merged: a trained classifier
 * @param packed the file, when it is packed
 */
record AdapterHalf(
        SafetensorsFile file,
        AdapterVector vector,
        InitialValues initial,
        List<TensorEntry> kept,
        Optional<PackedFile> packed) {
    List<PlainTensor> plainKept() {
        return kept.stream().map(PlainTensor::of).toList();
    }

    /** Metadata that outlive packing. */
    Map<String, String> origin() {
        return PackedFile.origin(file);
    }
}
