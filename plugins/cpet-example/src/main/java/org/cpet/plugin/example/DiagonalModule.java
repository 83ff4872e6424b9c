package org.cpet.plugin.example;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import org.cpet.spi.model.ModuleState;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.recover.RecoveryModule;
import org.cpet.spi.tensor.Ops;

/** The gains of {@link Diagonal} in one model. */
final class DiagonalModule implements RecoveryModule {
    private final Ops ops;
    private final DiagonalOptions options;
    private final List<DiagonalGain> gains;
    private boolean attached;

    DiagonalModule(Ops ops, DiagonalOptions options, List<DiagonalGain> gains) {
        this.ops = ops;
        this.options = options;
        this.gains = List.copyOf(gains);
    }

    /** Written to recovery_config.json, so that the module can be made again: the keys a recipe would have. */
    @Override
    public Map<String, Object> config() {
        return Map.of("target_modules", options.targetModules());
    }

    @Override
    public List<TrainableTensor> parameters() {
        return gains.stream().map(DiagonalGain::gain).toList();
    }

    @Override
    public Map<String, NDArray> state() {
        return ModuleState.of(parameters());
    }

    @Override
    public void load(Map<String, NDArray> state) {
        ModuleState.load(ops, state(), state);
    }

    @Override
    public void attach() {
        if (!attached) {
            gains.forEach(gain -> gain.site().add(gain));
            attached = true;
        }
    }

    @Override
    public void detach() {
        if (attached) {
            gains.forEach(gain -> gain.site().remove(gain));
            attached = false;
        }
    }

    @Override
    public void close() {
        detach();
        parameters().forEach(parameter -> parameter.value().close());
    }
}
