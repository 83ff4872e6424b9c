package org.cpet.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cpet.runtime.engine.DeviceChoice;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearRole;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.tensor.Activation;
import org.cpet.spi.tensor.ExpertWeights;
import org.cpet.spi.tensor.Ops;
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

/** An FFN of T5-small's shape on 1024 tokens, whole and as experts of which a fifth is computed, routing included. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 7, time = 1)
public class ExpertBenchmark {
    private static final int TOKENS = 1024;
    private static final int HIDDEN = 512;
    private static final int UNITS = 2048;

    @Param({"16", "32", "64"})
    private int experts;

    private EngineSession session;
    private Ops ops;
    private NDArray x;
    private NDArray router;
    private FeedForwardSite dense;
    private ExpertWeights weights;

    @Setup
    public void open() {
        session = EngineSession.open(DeviceChoice.parse("cpu"), 2);
        ops = session.ops();
        NDManager manager = session.manager();
        x = manager.randomNormal(new Shape(TOKENS, HIDDEN));
        router = manager.randomNormal(new Shape(experts, HIDDEN));
        NDArray in = manager.randomNormal(new Shape(UNITS, HIDDEN));
        NDArray out = manager.randomNormal(new Shape(HIDDEN, UNITS));
        dense = new FeedForwardSite(
                "ffn",
                List.of(linear("in", LinearRole.FFN_IN, in)),
                linear("out", LinearRole.FFN_OUT, out),
                Activation.RELU);
        weights = new ExpertWeights(in, List.of(), out, experts, Activation.RELU);
    }

    private LinearSite linear(String name, LinearRole role, NDArray weight) {
        return new LinearSite(name, role, DenseLinear.of(ops, new ModelTensor(name + ".weight", weight)));
    }

    @TearDown
    public void close() {
        session.close();
    }

    @Benchmark
    public void feedForward() {
        try (Ops.Scope scope = ops.scope()) {
            dense.forward(ops, x, units -> units, ForwardMode.DEPLOYED);
        }
    }

    @Benchmark
    public void aFifthOfTheExperts() {
        try (Ops.Scope scope = ops.scope()) {
            NDArray chosen = ops.linear(x.div(x.norm(new int[] {-1}, true)), router)
                    .topK(experts / 5, -1, true, true)
                    .get(1);
            ops.experts(x, chosen, weights, List.of(), List.of());
        }
    }
}
