package org.cpet.runtime.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.memory.ProcessMemory;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.model.ModelFamilies;
import org.cpet.runtime.model.ModelLoader;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.script.Extensions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/** Opens a model directory: checked, mapped and ready; then reads every weight once. */
public record LoadBench(PluginCatalog catalog, EngineSession session, PluginContext context) {
    /** The facts of the measurement by name, ready for JSON. */
    public Map<String, Object> run(Path folder) {
        long start = System.nanoTime();
        ModelFamilies families = Extensions.families(catalog, context);
        ModelDirectory directory = ModelDirectory.open(folder);
        try (TransformerModel model = new ModelLoader(families, session, context)
                .load(directory, directory.nativeRequest(families), DataType.FLOAT32)) {
            double loaded = seconds(start);
            double startup = (System.currentTimeMillis()
                            - ManagementFactory.getRuntimeMXBean().getStartTime())
                    / 1e3;
            double sum = sum(model);
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("load_s", rounded(loaded));
            facts.put("touched_s", rounded(seconds(start)));
            facts.put("startup_s", rounded(startup));
            facts.put(
                    "bytes",
                    model.tensors().stream().mapToLong(ModelTensor::bytes).sum());
            facts.put("sum", sum);
            facts.put("peak_rss_mib", rounded(ProcessMemory.peak() / 1048576.0));
            return facts;
        }
    }

    @SuppressWarnings("try") // the scope frees the sums
    private double sum(TransformerModel model) {
        double total = 0;
        for (ModelTensor tensor : model.tensors()) {
            try (Ops.Scope scope = session.ops().scope()) {
                NDArray one = tensor.value().sum();
                total += one.getFloat();
            }
        }
        return total;
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static double rounded(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.4f", value));
    }
}
