package org.cpet.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cpet.runtime.memory.ProcessMemory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What lies free between tensors that live goes back to the system when asked for. */
class NativeMemoryTest {
    private static final int TENSORS = 1600;
    private static final int FLOATS = 16 << 10; // 64 KiB: glibc takes these from its heap, not from fresh mappings

    @Test
    void freedTensorsAreGivenBack() {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/status")), "no /proc here");
        try (EngineSession session = EngineSession.openPlain(DeviceChoice.parse("cpu"), 1)) {
            List<NDArray> tensors = new ArrayList<>();
            for (int i = 0; i < TENSORS; i++) {
                tensors.add(session.manager().zeros(new Shape(FLOATS), DataType.FLOAT32));
            }
            NDArray last = session.manager().ones(new Shape(FLOATS), DataType.FLOAT32); // holds the heap's end
            long full = ProcessMemory.resident();

            tensors.forEach(NDArray::close);
            NativeMemory.giveBack();

            assertThat(full - ProcessMemory.resident()).as("of 100 MiB").isGreaterThan(60L << 20);
            assertThat(last.getFloat(0)).isEqualTo(1f);
        }
    }
}
