package org.cpet.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.engine.safetensors.SafetensorsDirectory;
import org.cpet.runtime.engine.safetensors.SafetensorsFile;
import org.cpet.runtime.engine.safetensors.SafetensorsWriter;
import org.cpet.spi.InputException;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorLoaderTest {
    @TempDir
    private Path folder;

    private EngineSession session;
    private NDManager manager;
    private Ops ops;

    @BeforeEach
    void open() {
        session = EngineSession.open(DeviceChoice.parse("cpu"), 1);
        manager = session.manager();
        ops = session.ops();
    }

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void everyTypeSurvivesWritingAndReading() {
        Path file = folder.resolve("all.safetensors");
        NDArray values = manager.create(new float[] {0f, 1f, -2.5f, 3.25f, 100f, -7f}, new Shape(2, 3));
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        for (DataType type : List.of(
                DataType.BOOLEAN,
                DataType.UINT8,
                DataType.INT8,
                DataType.INT32,
                DataType.INT64,
                DataType.FLOAT16,
                DataType.BFLOAT16,
                DataType.FLOAT32,
                DataType.FLOAT64)) {
            tensors.put("t." + type, ops.cast(type == DataType.UINT8 ? values.abs() : values, type));
        }
        tensors.put("transposed", values.transpose());
        tensors.put("empty", manager.zeros(new Shape(0, 3)));
        tensors.put("scalar", manager.create(2.5f));

        SafetensorsWriter.write(file, tensors, Map.of("format", "pt"));

        SafetensorsFile read = SafetensorsFile.open(file);
        assertThat(read.metadata()).containsExactly(Map.entry("format", "pt"));
        try (TensorLoader loader = session.loader(read)) {
            tensors.forEach((name, expected) -> {
                NDArray loaded = loader.load(name, manager);
                assertThat(loaded.getShape()).isEqualTo(expected.getShape());
                assertThat(loaded.getDataType()).isEqualTo(expected.getDataType());
                assertThat(ops.cast(loaded, DataType.FLOAT64).toDoubleArray())
                        .isEqualTo(ops.cast(expected, DataType.FLOAT64).toDoubleArray());
            });
            NDArray widened = loader.load("t.bfloat16", DataType.FLOAT32, manager);
            assertThat(widened.toFloatArray()).containsExactly(0f, 1f, -2.5f, 3.25f, 100f, -7f);
            assertThatThrownBy(() -> loader.load("t.int32", DataType.FLOAT32, manager))
                    .isInstanceOf(InputException.class)
                    .hasMessage(file + ": dtype of t.int32; found I32; allowed float32");
        }
    }

    @Test
    void equalTensorsGiveEqualBytesInAnyOrder() throws IOException {
        NDArray a = manager.ones(new Shape(3));
        NDArray b = ops.cast(manager.ones(new Shape(3)), DataType.FLOAT16);
        Map<String, NDArray> forth = new LinkedHashMap<>();
        forth.put("b", a);
        forth.put("a", b);
        Map<String, NDArray> back = new LinkedHashMap<>();
        back.put("a", b);
        back.put("b", a);
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");

        SafetensorsWriter.write(first, forth, Map.of("x", "1", "a", "2"));
        SafetensorsWriter.write(second, back, Map.of("a", "2", "x", "1"));

        assertThat(first).hasSameBinaryContentAs(second);
        assertThat(Files.readString(first, StandardCharsets.ISO_8859_1))
                .contains("{\"__metadata__\":{\"a\":\"2\",\"x\":\"1\"},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]},"
                        + "\"a\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[12,18]}}");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(first, second);
        }
    }

    @Test
    void aTensorAtAnOddOffsetIsReadRight() throws IOException {
        Path file = folder.resolve("odd.safetensors");
        String header = "{\"f\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length() + 1 + 8).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(header.length() + 1).put((header + " ").getBytes(StandardCharsets.US_ASCII));
        bytes.putFloat(1.5f).putFloat(-2f);
        assertThat((8 + header.length() + 1) % 4).isNotZero();
        Files.write(file, bytes.array());

        try (TensorLoader loader = session.loader(SafetensorsFile.open(file))) {
            assertThat(loader.load("f", manager).toFloatArray()).containsExactly(1.5f, -2f);
        }
    }

    @Test
    void aMappingGoesWithItsLastArrayAndWritingChangesOnlyTheArray() throws IOException {
        Path file = folder.resolve("mapped.safetensors");
        SafetensorsWriter.write(file, Map.of("t", manager.ones(new Shape(1000))), Map.of());
        byte[] before = Files.readAllBytes(file);
        NDArray array;
        try (TensorLoader loader = session.loader(SafetensorsFile.open(file))) {
            array = loader.load("t", manager);
        }
        assertThat(mappings()).anyMatch(line -> line.endsWith("mapped.safetensors"));

        array.addi(1);

        assertThat(array.getFloat(999)).isEqualTo(2f);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        array.close();
        assertThat(mappings()).noneMatch(line -> line.endsWith("mapped.safetensors"));
    }

    private static List<String> mappings() throws IOException {
        Path maps = Path.of("/proc/self/maps");
        Assumptions.assumeTrue(Files.exists(maps), "SKIPPED: no /proc on this platform");
        return Files.readAllLines(maps);
    }

    @Test
    void shardsAreReadAsOne() {
        Path directory = SharedFiles.require("fixtures/llama_sharded");
        SafetensorsDirectory read = SafetensorsDirectory.open(directory);
        assertThat(read.tensors().values().stream()
                        .map(entry -> entry.file().getFileName())
                        .distinct())
                .hasSize(4);
        try (TensorLoader loader = session.loader(read);
                Ops.Scope scope = ops.scope()) {
            NDArray inside = loader.load("model.norm.weight", DataType.FLOAT64, manager);
            assertThat(scope.keep(inside, inside).getDataType()).isEqualTo(DataType.FLOAT64);
        }
    }
}
