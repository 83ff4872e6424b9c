package org.cpet.runtime.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The system's files, laid out as Linux lays them out. */
class AvailableMemoryTest {
    @TempDir
    private Path root;

    @Test
    void withoutGroupsItIsWhatTheMachineHas() throws IOException {
        write("proc/meminfo", "MemTotal:  9000 kB\nMemFree:  100 kB\nMemAvailable:  4000 kB\n");

        assertThat(bytes()).hasValue(4000L << 10);
    }

    @Test
    void aGroupOfVersionTwoLimitsItAndCachesDoNotCount() throws IOException {
        write("proc/meminfo", "MemAvailable:  4000 kB\n");
        write("proc/self/cgroup", "0::/box/inner\n");
        write("sys/fs/cgroup/box/memory.max", "2000000\n");
        write("sys/fs/cgroup/box/memory.current", "1500000\n");
        write("sys/fs/cgroup/box/memory.stat", "anon 100\ninactive_file 300000\nactive_file 200000\n");
        write("sys/fs/cgroup/box/inner/memory.max", "max\n");
        write("sys/fs/cgroup/box/inner/memory.current", "1400000\n");

        assertThat(bytes()).hasValue(2000000 - (1500000 - 500000));
    }

    @Test
    void aGroupOfVersionOneLimitsItToo() throws IOException {
        write("proc/meminfo", "MemAvailable:  4000 kB\n");
        write("proc/self/cgroup", "5:cpu:/x\n4:memory:/job\n0::/\n");
        write("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "1000000\n");
        write("sys/fs/cgroup/memory/job/memory.usage_in_bytes", "900000\n");

        assertThat(bytes()).hasValue(100000);
    }

    @Test
    void insideAContainerTheTopmostGroupIsTheOwn() throws IOException {
        write("proc/meminfo", "MemAvailable:  4000 kB\n");
        write("proc/self/cgroup", "0::/../../not/here\n");
        write("sys/fs/cgroup/memory.max", "5000\n");
        write("sys/fs/cgroup/memory.current", "6000\n");

        assertThat(bytes()).as("never less than nothing").hasValue(0);
        write("proc/self/cgroup", "0::/not/here\n");
        assertThat(bytes()).hasValue(0);
    }

    @Test
    void aSystemThatTellsNothingIsNotGuessedAt() {
        assertThat(bytes()).isEmpty();
    }

    @Test
    void thisMachineTells() {
        if (Files.exists(Path.of("/proc/meminfo"))) {
            assertThat(AvailableMemory.ofMachine().bytes()).isPresent();
            assertThat(ProcessMemory.resident()).isPositive();
            assertThat(ProcessMemory.peak()).isGreaterThanOrEqualTo(ProcessMemory.resident() / 2);
        }
    }

    private java.util.OptionalLong bytes() {
        return new AvailableMemory(root).bytes();
    }

    private void write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
