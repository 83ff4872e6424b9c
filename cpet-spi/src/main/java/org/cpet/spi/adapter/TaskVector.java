package org.cpet.spi.adapter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** τ as float32, one array a tensor. The arrays are shared, not copied: whoever holds one leaves it as it is. */
public final class TaskVector implements AdapterVector {
    private final List<AdapterTensor> tensors;
    private final List<float[]> values;

    private TaskVector(List<AdapterTensor> tensors, List<float[]> values) {
        this.tensors = List.copyOf(tensors);
        this.values = List.copyOf(values);
    }

    /**
     * A vector of tensors in any order.
     *
     * @throws IllegalArgumentException when an array has another length than its shape says
     */
    public static TaskVector of(Map<AdapterTensor, float[]> tensors) {
        SortedMap<String, Map.Entry<AdapterTensor, float[]>> sorted = new TreeMap<>();
        tensors.entrySet().forEach(entry -> sorted.put(entry.getKey().name(), entry));
        List<AdapterTensor> names = new ArrayList<>();
        List<float[]> arrays = new ArrayList<>();
        sorted.values().forEach(entry -> {
            if (entry.getKey().size() != entry.getValue().length) {
                throw new IllegalArgumentException(entry.getKey() + " given " + entry.getValue().length + " values");
            }
            names.add(entry.getKey());
            arrays.add(entry.getValue());
        });
        return new TaskVector(names, arrays);
    }

    @Override
    public List<AdapterTensor> tensors() {
        return tensors;
    }

    /** The values of each tensor, in the order of {@link #tensors()}. */
    public List<float[]> values() {
        return values;
    }

    @Override
    public TaskVector unpack() {
        return this;
    }
}
