package org.cpet.runtime.adapter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.checkpoint.Contents;
import org.cpet.runtime.checkpoint.TensorFile;
import org.cpet.runtime.engine.safetensors.PlainTensor;
import org.cpet.runtime.interop.PackedFile;
import org.cpet.runtime.interop.PeftAdapter;
import org.cpet.runtime.interop.UnpackedTensors;
import org.cpet.spi.adapter.AdapterVector;
import org.cpet.spi.adapter.PackedAdapter;

/** Adapter directories as files by name. */
final class AdapterWriter {
    private AdapterWriter() {}

    /** A vector for each half of an adapter, the PET's first. */
    static List<AdapterHalf> halves(LoadedAdapter adapter) {
        List<AdapterHalf> halves = new ArrayList<>(List.of(adapter.pet()));
        adapter.recovery().ifPresent(halves::add);
        return halves;
    }

    /** Packed, with everything else as it was. */
    static Map<String, Contents> packed(LoadedAdapter adapter, List<PackedAdapter> vectors, String codec) {
        Map<String, Contents> files = adapter.companions();
        List<AdapterHalf> halves = halves(adapter);
        for (int i = 0; i < halves.size(); i++) {
            AdapterHalf half = halves.get(i);
            files.put(
                    i == 0 ? PeftAdapter.PACKED_WEIGHTS : PeftAdapter.PACKED_RECOVERY,
                    PackedFile.contents(
                            vectors.get(i),
                            codec,
                            half.initial().text(vectors.get(i).tensors()),
                            half.plainKept(),
                            half.origin()));
        }
        return files;
    }

    /** Dense, with everything else as it was. */
    static Map<String, Contents> dense(LoadedAdapter adapter, List<? extends AdapterVector> vectors) {
        Map<String, Contents> files = adapter.companions();
        List<AdapterHalf> halves = halves(adapter);
        for (int i = 0; i < halves.size(); i++) {
            AdapterHalf half = halves.get(i);
            List<PlainTensor> tensors = new ArrayList<>(half.plainKept());
            UnpackedTensors.of(vectors.get(i), half.initial())
                    .forEach((tensor, values) -> tensors.add(PlainTensor.of(tensor.name(), tensor.shape(), values)));
            files.put(
                    i == 0 ? PeftAdapter.WEIGHTS : PeftAdapter.RECOVERY_WEIGHTS, TensorFile.of(tensors, half.origin()));
        }
        return files;
    }
}
