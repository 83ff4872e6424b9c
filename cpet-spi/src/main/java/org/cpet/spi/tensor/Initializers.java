package org.cpet.spi.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.random.RandomGenerator;

/** Initial values as pure functions of a named generator, the same on every JDK and device. */
public final class Initializers {
    private Initializers() {}

    /** Uniform in ±1/√in for a weight [out, in]: Kaiming with a = √5, what linear layers and LoRA's A start from. */
    public static NDArray kaimingUniform(NDManager manager, Shape shape, RandomGenerator random) {
        double bound = 1.0 / Math.sqrt((double) shape.get(shape.dimension() - 1));
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2.0 * unit(random) - 1.0) * bound);
        }
        return manager.create(values, shape);
    }

    /** Normal with mean 0, by the Box-Muller transform. */
    public static NDArray normal(NDManager manager, Shape shape, double standardDeviation, RandomGenerator random) {
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            double radius = Math.sqrt(-2.0 * StrictMath.log(1.0 - unit(random)));
            values[i] = (float) (standardDeviation * radius * StrictMath.cos(2.0 * Math.PI * unit(random)));
        }
        return manager.create(values, shape);
    }

    private static double unit(RandomGenerator random) {
        return (random.nextLong() >>> 11) * 0x1.0p-53;
    }
}
