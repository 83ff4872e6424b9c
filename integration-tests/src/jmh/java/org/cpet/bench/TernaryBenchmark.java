package org.cpet.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.cpet.plugin.adapters.merging.ElectedSigns;
import org.cpet.plugin.adapters.ternary.BitReader;
import org.cpet.plugin.adapters.ternary.BitWriter;
import org.cpet.plugin.adapters.ternary.GolombCode;
import org.cpet.plugin.adapters.ternary.LargestMagnitudes;
import org.cpet.plugin.adapters.ternary.TernaryMask;
import org.cpet.runtime.engine.DeviceChoice;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.engine.safetensors.ElementType;
import org.cpet.runtime.engine.safetensors.StoredValues;
import org.cpet.runtime.engine.safetensors.TensorEntry;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Products and merges of two adapters of 20 million entries on bit masks and in float32, one thread each, and decoding of
 * their gaps. Products in float32 are libtorch's and a loop of Java's; the least that any merge in float32 does is a sum. On a machine that does other work
 * too, p0.00, the fastest call, is what to compare.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class TernaryBenchmark {
    private static final int SIZE = 20_000_000;

    /** Share of entries that are kept. */
    @Param({"0.05", "0.2"})
    private double density;

    private float[] left;
    private float[] right;
    private float[] merged;
    private EngineSession session;
    private NDArray leftArray;
    private NDArray rightArray;
    private TernaryMask leftMask;
    private TernaryMask rightMask;
    private GolombCode code;
    private byte[] gaps;
    private long bits;
    private TensorEntry stored;

    @Setup
    public void pack() throws IOException {
        leftMask = mask(1);
        rightMask = mask(2);
        left = new float[SIZE];
        right = new float[SIZE];
        merged = new float[SIZE];
        leftMask.fill(left, 0, 0.01f);
        rightMask.fill(right, 0, 0.02f);
        session = EngineSession.open(DeviceChoice.parse("cpu"), 1);
        leftArray = session.manager().create(left);
        rightArray = session.manager().create(right);
        code = GolombCode.of(density);
        bits = code.bits(leftMask);
        BitWriter writer = new BitWriter(bits);
        code.write(leftMask, writer);
        gaps = writer.bytes();
        Path file = Files.createTempFile("dense", ".f32");
        file.toFile().deleteOnExit();
        Files.write(file, new byte[SIZE * Float.BYTES]);
        stored = new TensorEntry("dense", ElementType.F32, new Shape(SIZE), file, 0, (long) SIZE * Float.BYTES);
    }

    @TearDown
    public void close() {
        session.close();
    }

    private TernaryMask mask(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return LargestMagnitudes.mark(List.of(values), (long) (SIZE * density));
    }

    @Benchmark
    public long dotOfMasks() {
        return leftMask.dot(rightMask);
    }

    @Benchmark
    public float dotOfLibtorch() {
        try (NDArray dot = leftArray.dot(rightArray)) {
            return dot.getFloat();
        }
    }

    /** In several sums, so that the additions need not wait for each other. */
    @Benchmark
    public float dotOfFloats() {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        for (int i = 0; i < SIZE; i += 4) {
            a += left[i] * right[i];
            b += left[i + 1] * right[i + 1];
            c += left[i + 2] * right[i + 2];
            d += left[i + 3] * right[i + 3];
        }
        return a + b + c + d;
    }

    @Benchmark
    public long distanceOfMasks() {
        return leftMask.distance(rightMask);
    }

    @Benchmark
    public float[] sumOfFloats() {
        for (int i = 0; i < SIZE; i++) {
            merged[i] = left[i] + right[i];
        }
        return merged;
    }

    @Benchmark
    public ElectedSigns tiesOfMasks() {
        return new ElectedSigns(List.of(leftMask, rightMask), new float[] {0.01f, 0.02f});
    }

    @Benchmark
    public float[] tiesOfFloats() {
        for (int i = 0; i < SIZE; i++) {
            float a = left[i];
            float b = right[i];
            float sum = a + b;
            int count = (a * sum > 0 ? 1 : 0) + (b * sum > 0 ? 1 : 0);
            float agreeing = (a * sum > 0 ? a : 0) + (b * sum > 0 ? b : 0);
            merged[i] = count == 0 ? 0 : agreeing / count;
        }
        return merged;
    }

    /** What decoding competes with: the dense file, which the system holds in memory after the first time. */
    @Benchmark
    public float[] readDenseFloats() {
        return StoredValues.floats(stored);
    }

    @Benchmark
    public TernaryMask decode() {
        return code.read(SIZE, leftMask.count(), new BitReader(gaps, bits));
    }

    @Benchmark
    public float[] decodeToFloats() {
        float[] values = new float[SIZE];
        code.read(SIZE, leftMask.count(), new BitReader(gaps, bits)).fill(values, 0, 0.01f);
        return values;
    }
}
