package org.cpet.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cpet.runtime.engine.DeviceChoice;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.spi.tensor.Activation;
import org.cpet.spi.tensor.Ops;
import org.cpet.spi.tensor.PreparedLinear;
import org.cpet.spi.tensor.QuantizedRows;
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

/** The kernels behind {@link Ops}, one call each, through the same door that models use. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class KernelBenchmark {
    /** Tokens x in x out. */
    @Param({"2048x384x1536", "512x768x2048", "1x768x2048"})
    private String shape;

    private EngineSession session;
    private Ops ops;
    private NDArray x;
    private NDArray weight;
    private NDArray narrowX;
    private NDArray narrowWeight;
    private NDArray bias;
    private NDArray down;
    private NDArray up;
    private PreparedLinear int8;
    private QuantizedRows rows;

    @Setup
    public void open() {
        String[] sizes = shape.split("x", -1);
        int tokens = Integer.parseInt(sizes[0]);
        int in = Integer.parseInt(sizes[1]);
        int out = Integer.parseInt(sizes[2]);
        session = EngineSession.open(DeviceChoice.parse("cpu"), 2);
        ops = session.ops();
        NDManager manager = session.manager();
        x = manager.randomNormal(new Shape(tokens, in));
        weight = manager.randomNormal(new Shape(out, in));
        bias = manager.randomNormal(new Shape(out));
        down = manager.randomNormal(new Shape(8, in));
        up = manager.randomNormal(new Shape(out, 8));
        narrowX = ops.cast(x, DataType.BFLOAT16);
        narrowWeight = ops.cast(weight, DataType.BFLOAT16);
        rows = ops.quantizeRows(weight);
        int8 = ops.prepareInt8(rows, List.of(bias));
    }

    @TearDown
    public void close() {
        session.close();
    }

    @Benchmark
    public void linear() {
        ops.linear(x, weight, bias).close();
    }

    @Benchmark
    public void linearBfloat16() {
        ops.linear(narrowX, narrowWeight).close();
    }

    @Benchmark
    public void linearInt8() {
        int8.apply(x).close();
    }

    @Benchmark
    public void linearOfInt8WeightsInFloat32() {
        ops.dequantizedLinear(x, rows).close();
    }

    @Benchmark
    public void bottleneck() {
        ops.bottleneck(x, down, up, 1, Activation.RELU).close();
    }

    @Benchmark
    public void gelu() {
        ops.activation(x, Activation.GELU).close();
    }
}
