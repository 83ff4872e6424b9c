package org.cpet.spi.contract;

import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.cpet.spi.adapter.AdapterTensor;
import org.cpet.spi.adapter.TaskVector;

/** Small task vectors of three tensors, whose sizes are no multiples of a word. */
public final class ToyVectors {
    private ToyVectors() {}

    /** Normal values that depend on the seed. */
    public static TaskVector of(long seed) {
        Map<AdapterTensor, float[]> tensors = new LinkedHashMap<>();
        add(tensors, seed, "second.lora_B.weight", new Shape(9, 3));
        add(tensors, seed, "first.lora_A.weight", new Shape(3, 67));
        add(tensors, seed, "third.bias", new Shape(5));
        return TaskVector.of(tensors);
    }

    private static void add(Map<AdapterTensor, float[]> tensors, long seed, String name, Shape shape) {
        RandomGenerator random = Seeded.random(seed, name);
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        tensors.put(new AdapterTensor(name, shape), values);
    }
}
