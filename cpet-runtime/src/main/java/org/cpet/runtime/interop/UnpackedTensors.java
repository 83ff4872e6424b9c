package org.cpet.runtime.interop;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.adapter.AdapterTensor;
import org.cpet.spi.adapter.AdapterVector;
import org.cpet.spi.adapter.TaskVector;

/** θ_initial + τ, tensor by tensor. */
public final class UnpackedTensors {
    private UnpackedTensors() {}

    /**
     * Of a packed file.
     *
     * @param model what the adapter is put into, where its vector may start
     */
    static Map<AdapterTensor, float[]> of(PackedFile packed, Optional<InitialValues> model) {
        return of(
                packed.adapter(),
                InitialValues.required(
                        packed.initial(),
                        packed.adapter().tensors(),
                        model,
                        packed.path().toString()));
    }

    /** The values of an adapter's tensors; arrays may be the vector's own, so read them only. */
    public static Map<AdapterTensor, float[]> of(AdapterVector vector, InitialValues initial) {
        TaskVector unpacked = vector.unpack();
        Map<AdapterTensor, float[]> values = new LinkedHashMap<>();
        for (int i = 0; i < unpacked.tensors().size(); i++) {
            AdapterTensor tensor = unpacked.tensors().get(i);
            float[] change = unpacked.values().get(i);
            values.put(tensor, initial.isZero() ? change : sum(initial.of(tensor), change));
        }
        return values;
    }

    private static float[] sum(float[] sum, float[] change) {
        for (int j = 0; j < sum.length; j++) {
            sum[j] += change[j];
        }
        return sum;
    }
}
