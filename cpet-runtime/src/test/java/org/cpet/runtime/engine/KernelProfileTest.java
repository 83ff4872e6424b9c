package org.cpet.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.cpet.spi.InputException;
import org.cpet.spi.tensor.PreparedLinear;
import org.cpet.spi.tensor.QuantizedRows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelProfileTest {
    private static final KernelProfile PROFILE = new KernelProfile(
            new Machine("a processor", List.of("avx2"), "cpu", 2, "2.7.1"),
            new DenseChoice(
                    DenseKernel.BLAS, DenseKernel.ONEDNN, DenseKernel.BLAS, DenseKernel.ONEDNN, DenseKernel.BLAS),
            Int8Kernel.BFLOAT16_CODES,
            Int8Kernel.FLOAT32_CODES,
            true,
            true,
            List.of(new KernelProfile.Speed("float32", 100, 0), new KernelProfile.Speed("int_mm", 200.5, 1e-8)));

    @TempDir
    private Path folder;

    @Test
    void aWrittenProfileReadsBackEqual() throws IOException {
        Path file = Files.writeString(folder.resolve("kernels.json"), PROFILE.json());

        assertThat(KernelProfile.read(file)).isEqualTo(PROFILE);
        assertThat(PROFILE.json()).contains("\"int8\" : \"bfloat16_codes\"");
    }

    @Test
    void aBadFileIsNamed() throws IOException {
        Path file = folder.resolve("kernels.json");
        assertThatThrownBy(() -> KernelProfile.read(file)).hasMessage(file + ": no such file");
        Files.writeString(file, "{}");
        assertThatThrownBy(() -> KernelProfile.read(file))
                .isInstanceOf(InputException.class)
                .hasMessage(file + ": not a kernel profile: Missing creator property 'machine' (index 0)");
        Files.writeString(file, " ".repeat(70_000));
        assertThatThrownBy(() -> KernelProfile.read(file))
                .hasMessage(file + ": file size; found 70000 bytes; allowed up to 65536");
    }

    @Test
    void theCacheKeepsOneProfilePerMachine() throws IOException {
        KernelCache cache = new KernelCache(folder.resolve("deep/cpet"));
        assertThat(cache.read(PROFILE.machine())).isEmpty();

        cache.write(PROFILE);

        assertThat(cache.read(PROFILE.machine())).contains(PROFILE);
        assertThat(cache.read(new Machine("another", List.of(), "cpu", 2, "2.7.1")))
                .isEmpty();
        try (var files = Files.list(folder.resolve("deep/cpet"))) {
            Files.writeString(files.findFirst().orElseThrow(), "broken");
        }
        assertThat(cache.read(PROFILE.machine())).isEmpty();
    }

    @Test
    void aFolderThatCannotBeWrittenIsNoFault() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        new KernelCache(file.resolve("cpet")).write(PROFILE);

        assertThat(file).hasContent("");
    }

    @Test
    void measuringChoosesAKernelThatComputesRight() {
        try (EngineSession session = EngineSession.open(DeviceChoice.parse("cpu"), 1)) {
            int arrays = session.manager().getManagedArrays().size();
            TorchModule module = TorchModule.load(session.device());
            Int8Kernels kernels = new Int8Kernels(module, () -> PROFILE);
            Machine machine = Machine.here("cpu", 1, "2.7.1");

            DenseKernels dense = new DenseKernels(
                    module,
                    TorchModule.loadOneDnn(session.device()),
                    new Tape(module, new Leaves(module)),
                    PROFILE::dense);

            KernelProfile profile = new KernelMeasurement(module, dense, kernels, machine).run(session.manager());

            assertThat(profile.machine()).isEqualTo(machine);
            assertThat(profile.measured())
                    .extracting(KernelProfile.Speed::kernel)
                    .contains("float32", "bfloat16");
            KernelProfile.Speed chosen = profile.measured().stream()
                    .filter(speed -> speed.kernel().equals(profile.int8().key()))
                    .findFirst()
                    .orElseThrow();
            assertThat(chosen.error()).isLessThanOrEqualTo(KernelMeasurement.LARGEST_ERROR);
            assertThat(profile.measured())
                    .filteredOn(speed -> speed.kernel().equals(profile.int8Row().key() + "_row"))
                    .singleElement()
                    .satisfies(row -> assertThat(row.error()).isLessThanOrEqualTo(KernelMeasurement.LARGEST_ERROR));
            assertThat(profile.measured())
                    .allSatisfy(speed -> assertThat(speed.gflops()).isPositive());
            assertThat(session.manager().getManagedArrays()).hasSize(arrays);
            module.close();
        }
    }

    @Test
    void aPinnedProfileIsUsedWithoutMeasuring() {
        try (EngineSession session = EngineSession.open(DeviceChoice.parse("cpu"), 1, Optional.of(PROFILE))) {
            QuantizedRows rows = session.ops().quantizeRows(session.manager().ones(new Shape(2, 4)));
            try (PreparedLinear linear = session.ops().prepareInt8(rows, List.of())) {
                assertThat(linear.kernel()).isEqualTo("bfloat16_codes");
            }
            assertThat(session.kernels()).isSameAs(PROFILE);
        }
    }
}
