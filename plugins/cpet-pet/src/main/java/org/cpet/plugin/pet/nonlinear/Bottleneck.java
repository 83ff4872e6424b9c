package org.cpet.plugin.pet.nonlinear;

import java.util.List;
import org.cpet.plugin.pet.part.PartsModule;
import org.cpet.plugin.pet.peft.OwnConfig;
import org.cpet.spi.PluginContext;
import org.cpet.spi.lowrank.LowRankForm;
import org.cpet.spi.lowrank.LowRankModule;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModulePlan;
import org.cpet.spi.model.TargetModules;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetModule;

/**
 * Δ = s · σ(dropout(x) Dᵀ) Uᵀ with D [r, in], U [out, r], s = lora_alpha / r beside each target: what the paper's recovery
 * modules compute, as PET (Table 4, Rec + Rec). U starts with zeros, so a fresh module changes nothing.
 */
final class Bottleneck implements PetMethod {
    static final String PEFT_TYPE = "CPET_BOTTLENECK";

    private final BottleneckOptions options;
    private final PluginContext context;
    private final TargetModules targets;
    private final LowRankForm form;

    Bottleneck(BottleneckOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
        this.targets = new TargetModules(options.targetModules());
        this.form = new LowRankForm(
                "bottleneck_D.weight",
                "bottleneck_U.weight",
                options.r(),
                options.scale(),
                options.activation(),
                options.loraDropout());
    }

    /** r · (in + out) parameters beside each target. */
    @Override
    public ModulePlan plan(ModelLayout layout) {
        return form.plan(targets, layout);
    }

    @Override
    public PetModule attach(TransformerModel model) {
        LowRankModule pairs = form.attach(model, targets, context);
        pairs.detach(); // the parts attach themselves
        List<BottleneckPath> paths = pairs.pairs().stream()
                .map(pair -> new BottleneckPath(pair, options.r()))
                .toList();
        PartsModule module =
                new PartsModule("bottleneck", context.ops(), paths, () -> OwnConfig.write(PEFT_TYPE, options, model));
        module.attach();
        return module;
    }
}
