package org.cpet.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.cpet.runtime.adapter.AdapterWork;
import org.cpet.runtime.engine.DeviceChoice;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.engine.safetensors.PlainTensor;
import org.cpet.runtime.engine.safetensors.SafetensorsWriter;
import org.cpet.runtime.interop.AdapterTensors;
import org.cpet.runtime.interop.Codecs;
import org.cpet.runtime.interop.PeftAdapter;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.EnginelessContext;
import org.cpet.runtime.script.Extensions;
import org.cpet.runtime.script.Methods;
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
 * A LoRA adapter of 20 million entries from a directory into a module's float32 tensors, dense and compressed. The system
 * holds both files in memory after the first time, so this is what decoding costs, not what a disk or a network saves.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 3)
public class AdapterLoadBenchmark {
    private static final int LAYERS = 50;
    private static final int RANK = 16;
    private static final int WIDTH = 12_500;

    /** Share of entries that are kept. */
    @Param({"0.05", "0.2"})
    private String density;

    private Path folder;
    private EngineSession session;
    private PluginCatalog catalog;
    private Codecs codecs;
    private final List<NDArray> module = new ArrayList<>();

    @Setup
    public void write() throws IOException {
        folder = Files.createTempDirectory("adapters");
        session = EngineSession.open(DeviceChoice.parse("cpu"), 1);
        catalog = PluginCatalog.discover(getClass().getClassLoader(), List.of());
        EnginelessContext context = new EnginelessContext(1);
        codecs = Extensions.codecs(catalog, context);
        Path dense = Files.createDirectories(folder.resolve("dense"));
        Files.writeString(
                dense.resolve(PeftAdapter.CONFIG),
                "{\"peft_type\": \"LORA\", \"r\": " + RANK + ", \"lora_alpha\": 16, \"target_modules\": [\"query\"]}");
        try (FileChannel channel = FileChannel.open(
                dense.resolve(PeftAdapter.WEIGHTS), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            SafetensorsWriter.writePlain(channel, tensors(), Map.of());
        }
        new AdapterWork(catalog, context)
                .compress(
                        new AdapterWork.Paths(dense, Optional.empty(), folder.resolve("compressed"), false),
                        Methods.codec(catalog, "compeft", new ArrayList<>(List.of("density=" + density))),
                        Optional.empty());
    }

    private List<PlainTensor> tensors() {
        SplittableRandom random = new SplittableRandom(1);
        List<PlainTensor> tensors = new ArrayList<>();
        for (int layer = 0; layer < LAYERS; layer++) {
            for (String matrix : List.of("A", "B")) {
                Shape shape = matrix.equals("A") ? new Shape(RANK, WIDTH) : new Shape(WIDTH, RANK);
                float[] values = new float[RANK * WIDTH];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) random.nextGaussian();
                }
                String name = "base_model.model.layer." + layer + ".query.lora_" + matrix + ".weight";
                tensors.add(PlainTensor.of(name, shape, values));
                module.add(session.manager().zeros(shape));
            }
        }
        return tensors;
    }

    @TearDown
    public void close() throws IOException {
        session.close();
        catalog.close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }

    @Benchmark
    public int dense() {
        return load("dense");
    }

    @Benchmark
    public int compressed() {
        return load("compressed");
    }

    private int load(String directory) {
        try (AdapterTensors tensors =
                AdapterTensors.load(PeftAdapter.weights(folder.resolve(directory)), session, codecs)) {
            int next = 0;
            for (NDArray tensor : tensors.left().values()) {
                NDArray target = module.get(next++);
                tensor.reshape(target.getShape()).copyTo(target);
            }
            return next;
        }
    }
}
