package org.cpet.plugin.recovery;

import org.cpet.spi.PluginContext;
import org.cpet.spi.lowrank.LowRankForm;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModulePlan;
import org.cpet.spi.model.TargetModules;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.recover.RecoveryMethod;
import org.cpet.spi.recover.RecoveryModule;

/**
 * Δ = s · σ(x Dᵀ) Uᵀ with D [r, in], U [out, r], s = lora_alpha / r beside each layer (paper, section 3.4). U starts with
 * zeros, so a fresh module changes nothing; a non-linear σ keeps it from being folded into a weight.
 */
final class Bottleneck implements RecoveryMethod {
    private final BottleneckOptions options;
    private final PluginContext context;
    private final TargetModules targets;
    private final LowRankForm form;

    Bottleneck(BottleneckOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
        this.targets = new TargetModules(options.targetModules());
        this.form = new LowRankForm(
                "recovery_D.weight", "recovery_U.weight", options.r(), options.scale(), options.activation(), 0);
    }

    @Override
    public ModulePlan plan(ModelLayout layout) {
        return form.plan(targets, layout);
    }

    @Override
    public RecoveryModule attach(TransformerModel compressed) {
        return new BottleneckModule(options, form.attach(compressed, targets, context));
    }
}
