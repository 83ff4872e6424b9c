package org.cpet.plugin.adapters.merging;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.plugin.adapters.compeft.TernaryAdapter;
import org.cpet.plugin.adapters.ternary.TernaryMask;
import org.cpet.spi.InputException;
import org.cpet.spi.adapter.AdapterTensor;
import org.cpet.spi.adapter.AdapterVector;
import org.cpet.spi.adapter.TaskVector;

/**
 * TIES of ternary vectors, held as masks: of each part one {@link ElectedSigns}, which says for every expert where it agrees.
 * An entry is ±λ times the mean of the scales of those that do.
 */
final class MergedMasks implements AdapterVector {
    private final List<AdapterTensor> tensors;
    private final List<ElectedSigns> parts;
    private final double lambda;

    private MergedMasks(List<AdapterTensor> tensors, List<ElectedSigns> parts, double lambda) {
        this.tensors = tensors;
        this.parts = parts;
        this.lambda = lambda;
    }

    static MergedMasks of(List<TernaryAdapter> experts, double lambda) {
        boolean alike =
                experts.stream().map(expert -> expert.parts().size()).distinct().count() == 1;
        List<TernaryAdapter> cut =
                alike ? experts : experts.stream().map(TernaryAdapter::split).toList();
        List<AdapterTensor> tensors = experts.get(0).tensors();
        if (experts.stream().anyMatch(expert -> !expert.tensors().equals(tensors))) {
            throw new InputException("adapters of other tensors cannot be merged; allowed the same names and shapes");
        }
        List<ElectedSigns> parts = new ArrayList<>();
        for (int i = 0; i < cut.get(0).parts().size(); i++) {
            List<TernaryMask> masks = new ArrayList<>();
            float[] scales = new float[cut.size()];
            for (int k = 0; k < cut.size(); k++) {
                masks.add(cut.get(k).parts().get(i).mask());
                scales[k] = cut.get(k).scale(i);
            }
            parts.add(new ElectedSigns(masks, scales));
        }
        long balance = parts.stream().mapToLong(ElectedSigns::balance).sum();
        parts.forEach(part -> part.settle(Long.signum(balance)));
        return new MergedMasks(tensors, parts, lambda);
    }

    @Override
    public List<AdapterTensor> tensors() {
        return tensors;
    }

    @Override
    public TaskVector unpack() {
        Map<AdapterTensor, float[]> values = new LinkedHashMap<>();
        long begin = 0;
        for (int i = 0; i < tensors.size(); i++) {
            float[] array = new float[tensors.get(i).size()];
            boolean one = parts.size() == 1;
            parts.get(one ? 0 : i).fill(array, one ? begin : 0, lambda);
            values.put(tensors.get(i), array);
            begin += array.length;
        }
        return TaskVector.of(values);
    }
}
