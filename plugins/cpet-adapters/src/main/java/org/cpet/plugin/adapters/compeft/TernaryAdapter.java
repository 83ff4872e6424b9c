package org.cpet.plugin.adapters.compeft;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.plugin.adapters.ternary.TernaryMask;
import org.cpet.spi.InputException;
import org.cpet.spi.adapter.AdapterTensor;
import org.cpet.spi.adapter.PackedAdapter;
import org.cpet.spi.adapter.SavedAdapter;
import org.cpet.spi.adapter.TaskVector;

/** τ̃ as masks and scales. With one part for all tensors, or one for each in their order. */
public final class TernaryAdapter implements PackedAdapter {
    private final List<AdapterTensor> tensors;
    private final CompeftOptions options;
    private final List<TernaryPart> parts;

    TernaryAdapter(List<AdapterTensor> tensors, CompeftOptions options, List<TernaryPart> parts) {
        this.tensors = List.copyOf(tensors);
        this.options = options;
        this.parts = List.copyOf(parts);
    }

    @Override
    public List<AdapterTensor> tensors() {
        return tensors;
    }

    CompeftOptions options() {
        return options;
    }

    /** The parts as they are scaled. */
    public List<TernaryPart> parts() {
        return parts;
    }

    /** What the kept entries of a part are. */
    public float scale(int part) {
        return parts.get(part).scale(options.alpha());
    }

    /** The same masks at another α. */
    TernaryAdapter withAlpha(double alpha) {
        return new TernaryAdapter(tensors, options.withAlpha(alpha), parts);
    }

    /** Entries that are not 0. */
    long count() {
        return parts.stream().mapToLong(part -> part.mask().count()).sum();
    }

    /** The same vector with a part for each tensor. */
    public TernaryAdapter split() {
        if (options.perTensor()) {
            return this;
        }
        List<TernaryPart> cut = new ArrayList<>();
        long begin = 0;
        for (AdapterTensor tensor : tensors) {
            TernaryMask mask = parts.get(0).mask().cut(begin, tensor.size());
            cut.add(new TernaryPart(mask, parts.get(0).sigma()));
            begin += tensor.size();
        }
        return new TernaryAdapter(tensors, new CompeftOptions(options.density(), options.alpha(), true), cut);
    }

    @Override
    public TaskVector unpack() {
        Map<AdapterTensor, float[]> values = new LinkedHashMap<>();
        long begin = 0;
        for (int i = 0; i < tensors.size(); i++) {
            float[] array = new float[tensors.get(i).size()];
            int part = options.perTensor() ? i : 0;
            parts.get(part).mask().fill(array, options.perTensor() ? 0 : begin, scale(part));
            values.put(tensors.get(i), array);
            begin += array.length;
        }
        return TaskVector.of(values);
    }

    @Override
    public SavedAdapter saved() {
        return CompeftFile.write(this);
    }

    @Override
    public Map<String, Object> facts() {
        return CompeftFacts.of(this);
    }

    @Override
    public Map<String, Double> compare(PackedAdapter other) {
        if (!(other instanceof TernaryAdapter ternary) || !ternary.tensors.equals(tensors)) {
            throw new InputException("adapters of other tensors cannot be compared; allowed the same names and shapes");
        }
        boolean alike = options.perTensor() == ternary.options.perTensor();
        return TernaryProducts.of(alike ? this : split(), alike ? ternary : ternary.split());
    }
}
