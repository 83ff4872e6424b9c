package org.cpet.plugin.recovery;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cpet.spi.lowrank.LowRankForm;
import org.cpet.spi.lowrank.LowRankModule;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.recover.RecoveryModule;

/** Bottlenecks beside the layers of a compressed model. */
final class BottleneckModule implements RecoveryModule {
    private final BottleneckOptions options;
    private final LowRankModule pairs;

    BottleneckModule(BottleneckOptions options, LowRankModule pairs) {
        this.options = options;
        this.pairs = pairs;
    }

    @Override
    public Map<String, Object> config() {
        Map<String, Object> config = new LinkedHashMap<>(); // an order of its own: the file is the same in every run
        config.put("r", options.r());
        config.put("lora_alpha", LowRankForm.plain(options.loraAlpha()));
        config.put("activation", options.activation().name().toLowerCase(Locale.ROOT));
        config.put(
                "activation_by_layer",
                options.activationByLayer().stream()
                        .map(BottleneckModule::written)
                        .toList());
        config.put("target_modules", options.targetModules());
        return config;
    }

    private static Map<String, Object> written(LayerActivation entry) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("target_modules", entry.targetModules());
        keys.put("activation", entry.activation().name().toLowerCase(Locale.ROOT));
        return keys;
    }

    @Override
    public List<TrainableTensor> parameters() {
        return pairs.parameters();
    }

    @Override
    public Map<String, NDArray> state() {
        return pairs.state();
    }

    @Override
    public void load(Map<String, NDArray> state) {
        pairs.load(state);
    }

    @Override
    public void attach() {
        pairs.attach();
    }

    @Override
    public void detach() {
        pairs.detach();
    }

    @Override
    public void close() {
        pairs.close();
    }
}
