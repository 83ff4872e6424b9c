package org.cpet.plugin.example;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModulePlan;
import org.cpet.spi.model.TargetModules;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.recover.RecoveryMethod;
import org.cpet.spi.recover.RecoveryModule;

/**
 * A gain g [min(in, out)] beside each layer: Δ_i = g_i x_i, the diagonal of a matrix with the layer's shape. It starts at
 * 0: the contract of recovery methods asks that a fresh module changes nothing, to the bit.
 */
final class Diagonal implements RecoveryMethod {
    private final DiagonalOptions options;
    private final PluginContext context;
    private final TargetModules targets;

    Diagonal(DiagonalOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
        this.targets = new TargetModules(options.targetModules());
    }

    @Override
    public ModulePlan plan(ModelLayout layout) {
        Map<String, Long> parameters = new LinkedHashMap<>();
        for (LinearSpec linear : targets.match(layout)) {
            parameters.put(linear.name(), (long) Math.min(linear.in(), linear.out()));
        }
        return new ModulePlan(parameters, targets.unmatched(layout));
    }

    /** The model is compressed by now: shapes are those that pruning left. */
    @Override
    public RecoveryModule attach(TransformerModel compressed) {
        List<DiagonalGain> gains = new ArrayList<>();
        for (LinearSite site : targets.sites(compressed)) {
            Shape shape = new Shape(Math.min(site.op().in(), site.op().out()));
            try (NDArray start = compressed.manager().zeros(shape)) {
                NDArray leaf = context.ops().trainable(start);
                gains.add(new DiagonalGain(context.ops(), site, new TrainableTensor(site.name() + ".gain", leaf)));
            }
        }
        DiagonalModule module = new DiagonalModule(context.ops(), options, gains);
        module.attach();
        return module;
    }
}
