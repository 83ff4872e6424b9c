package org.cpet.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines made of files. */
class CudaWaysTest {
    private static final Set<String> JARS = Set.of("jnilib/linux-x86_64/cu128/libdjl_torch.so");

    @TempDir
    private Path root;

    @Test
    void aMachineWithNothingIsToldWhatToDo() {
        assertThat(ways(Map.of("HOME", root.toString())))
                .containsExactly(
                        "NVIDIA driver: not found; without it no libtorch sees a GPU",
                        "DJL's download: none in " + root.resolve(".djl.ai/pytorch")
                                + "; made only when asked for, see docs/gpu.md",
                        "torch of pip: none found in PYTORCH_LIBRARY_PATH, VIRTUAL_ENV or CONDA_PREFIX; pip install"
                                + " torch==2.7.1 and set PYTORCH_LIBRARY_PATH to its lib folder, see docs/gpu.md");
    }

    @Test
    void driverAndDownloadAreFound() throws IOException {
        write("proc/driver/nvidia/version", "");
        Files.createDirectories(root.resolve("cache/pytorch/2.7.1-cu128-linux-x86_64"));

        assertThat(ways(Map.of("DJL_CACHE_DIR", root.resolve("cache").toString())))
                .startsWith(
                        "NVIDIA driver: found",
                        "DJL's download: found in " + root.resolve("cache/pytorch/2.7.1-cu128-linux-x86_64")
                                + "; leave pytorch-native-cpu out of the class path");
    }

    @Test
    void theTorchThatTheJniFitsIsReady() throws IOException {
        Path torch = torch("venv", "2.7.1+cu128");

        assertThat(ways(Map.of("VIRTUAL_ENV", root.resolve("venv").toString())))
                .last()
                .isEqualTo("torch 2.7.1 (cu128) in " + torch + ": ready; set PYTORCH_LIBRARY_PATH="
                        + torch.resolve("lib"));
        assertThat(ways(Map.of("PYTORCH_LIBRARY_PATH", torch.resolve("lib").toString())))
                .last()
                .isEqualTo("torch 2.7.1 (cu128) in " + torch + ": in use");
    }

    @Test
    void aNewerTorchNeedsItsOwnJni() throws IOException {
        Path torch = torch("conda", "2.15.0+cu132");
        Map<String, String> environment =
                Map.of("CONDA_PREFIX", root.resolve("conda").toString());

        assertThat(ways(environment))
                .last()
                .isEqualTo("torch 2.15.0 (cu132) in " + torch + ": DJL's JNI library is missing for it; run"
                        + " integration-tests/gpu/build-jni.sh " + torch + " and then set PYTORCH_LIBRARY_PATH="
                        + torch.resolve("lib"));

        Files.writeString(torch.resolve("lib/libdjl_torch.so"), "");
        assertThat(ways(environment)).last().asString().contains(": ready; ");
    }

    @Test
    void aTorchForCpusIsNoWay() throws IOException {
        Path torch = torch("venv", "2.7.1+cpu");
        Files.delete(torch.resolve("lib/libtorch_cuda.so"));

        assertThat(ways(Map.of("VIRTUAL_ENV", root.resolve("venv").toString())))
                .last()
                .isEqualTo("torch 2.7.1 in " + torch + ": a CPU build; allowed one with libtorch_cuda.so");
    }

    private java.util.List<String> ways(Map<String, String> environment) {
        return new CudaWays(root, environment, JARS::contains).sentences();
    }

    private Path torch(String place, String version) throws IOException {
        String folder = place + "/lib/python3.11/site-packages/torch";
        write(folder + "/version.py", "__version__ = '" + version + "'\n");
        write(folder + "/lib/libtorch_cuda.so", "");
        return root.resolve(folder);
    }

    private void write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
