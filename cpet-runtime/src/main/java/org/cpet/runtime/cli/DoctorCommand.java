package org.cpet.runtime.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cpet.runtime.engine.CudaWays;
import org.cpet.runtime.engine.DenseChoice;
import org.cpet.runtime.engine.DeviceChoice;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.engine.KernelProfile;
import org.cpet.runtime.plugin.PluginCatalog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cpet doctor}. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Checks this machine: Java, libtorch, device, plugins, and which kernels are fastest here.")
final class DoctorCommand implements Callable<Integer> {
    @Option(names = "--json", description = "print one JSON document")
    private boolean json;

    @Option(names = "--measure", description = "measure the kernels again; do so when the machine is at rest")
    private boolean measure;

    @Mixin
    private Plugins plugins;

    @Override
    public Integer call() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("java", Runtime.version().toString());
        facts.put("java_max_memory_mib", Runtime.getRuntime().maxMemory() >> 20);
        try (PluginCatalog catalog = plugins.open();
                EngineSession engine = EngineSession.open(DeviceChoice.parse("auto"), 0)) {
            facts.put("extensions", catalog.entries().size());
            facts.put(
                    "device",
                    engine.device().isGpu() ? "cuda:" + engine.device().getDeviceId() : "cpu");
            KernelProfile kernels = measure ? engine.measureKernels() : engine.kernels();
            facts.put("cuda", CudaWays.ofProcess().sentences());
            facts.put("processor", kernels.machine().processor());
            facts.put("instruction_sets", kernels.machine().features());
            facts.put("threads", kernels.machine().threads());
            facts.put("libtorch", kernels.machine().libtorch());
            facts.put("float32_kernels", names(kernels.dense()));
            facts.put("int8_kernel", kernels.int8().key());
            facts.put("int8_kernel_of_one_row", kernels.int8Row().key());
            facts.put("dtype_auto", kernels.fastBfloat16() ? "bfloat16" : "float32");
            facts.put(
                    "glibc_tunables",
                    Optional.ofNullable(System.getenv("GLIBC_TUNABLES")).orElse("not set"));
            facts.put(
                    "measured_at_rest",
                    kernels.steady() ? "yes" : "no: the machine was busy; cpet doctor --measure does it again");
            facts.put("measured", kernels.measured());
        }
        if (json) {
            System.out.println(Json.write(facts));
        } else {
            print(facts);
        }
        return 0;
    }

    private static Map<String, String> names(DenseChoice choice) {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("many", choice.many().key());
        names.put("narrow", choice.narrow().key());
        names.put("few", choice.few().key());
        names.put("row", choice.row().key());
        names.put("back", choice.back().key());
        return names;
    }

    private static void print(Map<String, Object> facts) {
        facts.forEach((name, value) -> {
            if (value instanceof Iterable<?> list && name.equals("measured")) {
                System.out.println("kernel                    GFLOP/s   relative error");
                for (Object one : list) {
                    KernelProfile.Speed speed = (KernelProfile.Speed) one;
                    System.out.printf("  %-22s %8.1f   %.1e%n", speed.kernel(), speed.gflops(), speed.error());
                }
            } else if (value instanceof Iterable<?> sentences && name.equals("cuda")) {
                sentences.forEach(sentence -> System.out.printf("%-22s %s%n", name, sentence));
            } else {
                System.out.printf("%-22s %s%n", name, value);
            }
        });
    }
}
