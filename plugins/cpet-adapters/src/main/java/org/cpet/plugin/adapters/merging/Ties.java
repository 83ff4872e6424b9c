package org.cpet.plugin.adapters.merging;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.plugin.adapters.compeft.TernaryAdapter;
import org.cpet.spi.adapter.AdapterMerger;
import org.cpet.spi.adapter.AdapterObjective;
import org.cpet.spi.adapter.AdapterTensor;
import org.cpet.spi.adapter.AdapterVector;
import org.cpet.spi.adapter.TaskVector;

/**
 * TIES (Yadav et al., 2023): trim, elect, merge. The sign of an entry is that of Σᵢ τᵢ; a sum of 0 takes the sign that more
 * entries elected; the entry is λ times the mean of those that agree and are not 0. Ternary vectors are merged mask by mask,
 * see {@link MergedMasks}.
 */
final class Ties implements AdapterMerger {
    private final TiesOptions options;

    Ties(TiesOptions options) {
        this.options = options;
    }

    @Override
    public AdapterVector merge(List<? extends AdapterVector> experts, AdapterObjective objective) {
        List<TernaryAdapter> ternary = new ArrayList<>();
        for (AdapterVector expert : experts) {
            if (expert instanceof TernaryAdapter adapter) {
                ternary.add(adapter);
            }
        }
        if (options.density() == 1 && ternary.size() == experts.size()) {
            return MergedMasks.of(ternary, options.lambda());
        }
        return dense(experts.stream()
                .map(AdapterVector::unpack)
                .map(vector -> options.density() == 1 ? vector : Trimmed.of(vector, options.density()))
                .toList());
    }

    private TaskVector dense(List<TaskVector> vectors) {
        int balance = Integer.signum(Long.signum(electedSigns(vectors)));
        List<AdapterTensor> tensors = vectors.get(0).tensors();
        Map<AdapterTensor, float[]> merged = new LinkedHashMap<>();
        for (int i = 0; i < tensors.size(); i++) {
            int tensor = i;
            List<float[]> rows =
                    vectors.stream().map(vector -> vector.values().get(tensor)).toList();
            float[] values = new float[tensors.get(i).size()];
            for (int j = 0; j < values.length; j++) {
                int sum = sign(rows, j);
                values[j] = (float) (options.lambda() * agreeingMean(rows, j, sum == 0 ? balance : sum));
            }
            merged.put(tensors.get(i), values);
        }
        return TaskVector.of(merged);
    }

    private static long electedSigns(List<TaskVector> vectors) {
        long elected = 0;
        for (int i = 0; i < vectors.get(0).tensors().size(); i++) {
            int tensor = i;
            List<float[]> rows =
                    vectors.stream().map(vector -> vector.values().get(tensor)).toList();
            for (int j = 0; j < rows.get(0).length; j++) {
                elected += sign(rows, j);
            }
        }
        return elected;
    }

    private static int sign(List<float[]> rows, int column) {
        double sum = 0;
        for (float[] row : rows) {
            sum += row[column];
        }
        return (int) Math.signum(sum);
    }

    private static double agreeingMean(List<float[]> rows, int column, int sign) {
        double sum = 0;
        int count = 0;
        for (float[] row : rows) {
            if (row[column] * sign > 0) {
                sum += row[column];
                count++;
            }
        }
        return count == 0 ? 0 : sum / count;
    }
}
