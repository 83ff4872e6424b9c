package org.cpet.plugin.adapters.merging;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.spi.adapter.AdapterTensor;
import org.cpet.spi.adapter.AdapterVector;
import org.cpet.spi.adapter.TaskVector;

/** Σᵢ wᵢ τᵢ, summed in float64 when its values are asked for. */
record WeightedSum(List<AdapterVector> vectors, List<Double> weights) implements AdapterVector {
    @Override
    public List<AdapterTensor> tensors() {
        return vectors.get(0).tensors();
    }

    @Override
    public TaskVector unpack() {
        List<TaskVector> dense = vectors.stream().map(AdapterVector::unpack).toList();
        Map<AdapterTensor, float[]> sums = new LinkedHashMap<>();
        for (int i = 0; i < tensors().size(); i++) {
            double[] sum = new double[tensors().get(i).size()];
            for (int k = 0; k < dense.size(); k++) {
                float[] values = dense.get(k).values().get(i);
                double weight = weights.get(k);
                for (int j = 0; j < sum.length; j++) {
                    sum[j] += weight * values[j];
                }
            }
            sums.put(tensors().get(i), floats(sum));
        }
        return TaskVector.of(sums);
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int j = 0; j < floats.length; j++) {
            floats[j] = (float) values[j];
        }
        return floats;
    }
}
