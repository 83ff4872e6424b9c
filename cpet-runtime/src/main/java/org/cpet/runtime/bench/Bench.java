package org.cpet.runtime.bench;

import ai.djl.ndarray.types.DataType;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.engine.NativeMemory;
import org.cpet.runtime.memory.ProcessMemory;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.spi.PluginContext;

/** One measurement: build, warm up, time steps, and say what they cost. */
public final class Bench {
    private final BenchRequest request;
    private final PluginCatalog catalog;
    private final EngineSession session;
    private final PluginContext context;

    public Bench(BenchRequest request, PluginCatalog catalog, EngineSession session, PluginContext context) {
        this.request = request;
        this.catalog = catalog;
        this.session = session;
        this.context = context;
    }

    /** The facts of the measurement by name, ready for JSON. */
    public Map<String, Object> run() {
        long built;
        try (BenchJob job = build()) {
            built = System.currentTimeMillis();
            double startup = (built - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1e3;
            NativeMemory.giveBack();
            long start = System.nanoTime();
            double first = job.step();
            double firstMillis = (System.nanoTime() - start) / 1e6;
            for (int i = 1; i < request.common().warmup(); i++) {
                job.step();
            }
            Map<String, Object> facts = timed(job, first);
            facts.put("startup_s", rounded(startup, 3));
            facts.put("first_step_ms", rounded(firstMillis, 1));
            return facts;
        }
    }

    private BenchJob build() {
        BenchModels models = new BenchModels(request, catalog, session, context);
        WorkloadRows rows = new WorkloadRows(
                request.shape(), request.common().batches(), request.common().seed(), session.manager());
        if (request.mode().generates()) {
            return GenerationJob.build(request, models, session.ops());
        }
        return request.mode().trains()
                ? TrainingJob.build(request, models, rows, catalog, context)
                : InferenceJob.build(request, models, rows, session.ops());
    }

    private Map<String, Object> timed(BenchJob job, double first) {
        long peak = ProcessMemory.peak();
        double ceiling = ceiling();
        ProcessMemory.forgetPeak();
        ProcessFacts before = ProcessFacts.now();
        List<Double> times = new ArrayList<>();
        long begin = System.nanoTime();
        double last = first;
        while (!enough(times.size(), (System.nanoTime() - begin) / 1e9)) {
            long start = System.nanoTime();
            last = job.step();
            times.add((System.nanoTime() - start) / 1e6);
        }
        double wallMillis = (System.nanoTime() - begin) / 1e6;
        ProcessFacts after = ProcessFacts.now();
        peak = Math.max(peak, ProcessMemory.peak());
        long timed = ProcessMemory.peak();
        long resident = ProcessMemory.resident();
        ceiling = Math.max(ceiling, ceiling());
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("workload", request.workload());
        facts.put("mode", request.mode().key());
        speeds(facts, times, ceiling);
        facts.put("peak_rss_mib", mebibytes(peak));
        facts.put("steps_peak_rss_mib", mebibytes(timed));
        facts.put("steady_rss_mib", mebibytes(resident));
        job.predictedPeak().ifPresent(bytes -> facts.put("predicted_peak_mib", mebibytes(bytes)));
        facts.put("value_first", first);
        facts.put("value_last", last);
        int steps = times.size();
        double user = after.userMillis() - before.userMillis();
        double system = after.systemMillis() - before.systemMillis();
        facts.put("user_ms_per_step", rounded(user / steps, 1));
        facts.put("sys_ms_per_step", rounded(system / steps, 1));
        facts.put("page_faults_per_step", (after.pageFaults() - before.pageFaults()) / steps);
        facts.put("cpu_utilisation", rounded((user + system) / wallMillis, 2));
        facts.put("trainable_params", job.trainableParameters());
        facts.put("total_params", job.parameters());
        origin(facts);
        return facts;
    }

    private double ceiling() {
        return GemmCeiling.measure(session.ops(), session.manager(), DataType.FLOAT32);
    }

    private boolean enough(int steps, double seconds) {
        Workloads.Common common = request.common();
        return steps >= common.steps() && (seconds >= common.minSeconds() || steps >= common.maxSteps());
    }

    private void speeds(Map<String, Object> facts, List<Double> times, double ceiling) {
        List<Double> sorted = times.stream().sorted().toList();
        int half = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
        double flops = new WorkloadFlops(
                        request.shape(), request.mode(), request.common().recoveryDim())
                .perStep();
        long tokens = request.shape().tokensPerStep(request.mode());
        facts.put("median_ms", rounded(median, 3));
        facts.put("min_ms", rounded(sorted.get(0), 3));
        facts.put("max_ms", rounded(sorted.get(sorted.size() - 1), 3));
        facts.put("tokens_per_s", rounded(tokens / median * 1e3, 1));
        facts.put("tokens_per_step", tokens);
        facts.put("steps", times.size());
        facts.put("model_gflop_per_step", rounded(flops / 1e9, 3));
        facts.put("achieved_gflops", rounded(flops / median / 1e6, 1));
        facts.put("gemm_ceiling_gflops", rounded(ceiling, 1));
        facts.put("fraction_of_gemm_ceiling", rounded(flops / median / 1e6 / ceiling, 3));
    }

    private void origin(Map<String, Object> facts) {
        facts.put("side", "cpet");
        facts.put("variant", request.type() == DataType.FLOAT32 ? "float32" : "bfloat16");
        facts.put("threads", request.common().threads());
        facts.put(
                "device", session.device().isGpu() ? "cuda:" + session.device().getDeviceId() : "cpu");
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("java", Runtime.version().toString());
        versions.put("libtorch", session.manager().getEngine().getVersion());
        facts.put("library_versions", versions);
    }

    private static double mebibytes(long bytes) {
        return rounded(bytes / 1048576.0, 1);
    }

    private static double rounded(double value, int digits) {
        return Double.parseDouble(String.format(Locale.ROOT, "%." + digits + "f", value));
    }
}
