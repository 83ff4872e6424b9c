package org.cpet.runtime.bench;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.model.ModelFamilies;
import org.cpet.runtime.model.ModelLoader;
import org.cpet.runtime.model.RandomTensors;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.script.Extensions;
import org.cpet.runtime.script.Methods;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelRequest;
import org.cpet.spi.model.TransformerModel;

/** Models of a workload's shape, drawn from the seed. */
final class BenchModels {
    private static final String ALL_LINEAR = "all-linear";

    private final BenchRequest request;
    private final PluginCatalog catalog;
    private final EngineSession session;
    private final PluginContext context;

    BenchModels(BenchRequest request, PluginCatalog catalog, EngineSession session, PluginContext context) {
        this.request = request;
        this.catalog = catalog;
        this.session = session;
        this.context = context;
    }

    TransformerModel dense(Workload shape, DataType type) {
        ModelFamilies families = Extensions.families(catalog, context);
        ModelConfig config =
                WorkloadConfig.of(request.workload(), shape, request.common().dropout());
        ModelRequest asked = WorkloadConfig.request(shape);
        ModelLayout layout = families.of(config).layout(config, asked);
        NDManager manager = session.manager().newSubManager();
        session.ops().seed(request.common().seed());
        // by the engine's generator: much faster, and the same again only on the same machine
        RandomTensors tensors = new RandomTensors(
                layout,
                type,
                manager,
                context,
                (spec, deviation) -> manager.randomNormal(0, (float) deviation, spec.shape(), DataType.FLOAT32));
        return new ModelLoader(families, session, context).build(config, asked, tensors);
    }

    /** Weights of the blocks rounded to int8 per row, inputs as they are. */
    void round(TransformerModel model) {
        int8(model, Map.of("activations", "none"));
    }

    /** Every linear layer in int8, its input quantised per token. */
    void quantize(TransformerModel model) {
        int8(model, Map.of("include", outsideBlocks(model)));
    }

    /** The linear layers of the blocks in int8, their inputs quantised per token. */
    void quantizeBlocks(TransformerModel model) {
        int8(model, Map.of());
    }

    /** FFN blocks as experts of which a fifth is computed; which neurons an expert has does not change its time. */
    void split(TransformerModel model, int experts) {
        Map<String, Object> options = Map.of("experts", experts, "share", 0.2, "clustering", "contiguous");
        Methods.compressor(catalog, "moefication", options, context).compress(model, CalibrationData.NONE);
    }

    /** Weights of the blocks in packed 4-bit codes, a scale for each 128 of a row. */
    void pack(TransformerModel model) {
        Map<String, Object> options = Map.of("bits", 4, "group_size", 128);
        Methods.compressor(catalog, "rtn", options, context).compress(model, CalibrationData.NONE);
    }

    private void int8(TransformerModel model, Map<String, Object> options) {
        Methods.compressor(catalog, "int8", options, context).compress(model, CalibrationData.NONE);
    }

    private static List<String> outsideBlocks(TransformerModel model) {
        return model.linears().stream()
                .filter(site -> !site.role().inBlock())
                .map(site -> site.name())
                .toList();
    }

    static Map<String, Object> lora(Workload shape) {
        return Map.of("r", shape.loraR(), "lora_alpha", shape.loraAlpha(), "target_modules", shape.loraTargets());
    }

    static Map<String, Object> recovery(Workloads.Common common) {
        return Map.of(
                "r",
                common.recoveryDim(),
                "lora_alpha",
                common.recoveryDim(),
                "activation",
                common.recoveryAct(),
                "target_modules",
                List.of(ALL_LINEAR));
    }
}
