package org.cpet.plugin.adapters.merging;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cpet.plugin.adapters.ternary.LargestMagnitudes;
import org.cpet.plugin.adapters.ternary.TernaryMask;
import org.cpet.spi.adapter.AdapterTensor;
import org.cpet.spi.adapter.TaskVector;

/** A vector whose ⌊d · density⌋ largest magnitudes are left and all others 0. */
final class Trimmed {
    private Trimmed() {}

    static TaskVector of(TaskVector vector, double density) {
        long keep = BigDecimal.valueOf(density)
                .multiply(BigDecimal.valueOf(vector.size()))
                .longValue();
        TernaryMask mask = LargestMagnitudes.mark(vector.values(), keep);
        Map<AdapterTensor, float[]> trimmed = new LinkedHashMap<>();
        long begin = 0;
        for (int i = 0; i < vector.tensors().size(); i++) {
            AdapterTensor tensor = vector.tensors().get(i);
            float[] values = new float[tensor.size()];
            mask.fill(values, begin, 1);
            for (int j = 0; j < values.length; j++) {
                values[j] *= values[j] * vector.values().get(i)[j];
            }
            trimmed.put(tensor, values);
            begin += values.length;
        }
        return TaskVector.of(trimmed);
    }
}
