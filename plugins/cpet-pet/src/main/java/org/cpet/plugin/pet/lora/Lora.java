package org.cpet.plugin.pet.lora;

import org.cpet.spi.PluginContext;
import org.cpet.spi.lowrank.LowRankForm;
import org.cpet.spi.lowrank.LowRankModule;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModulePlan;
import org.cpet.spi.model.TargetModules;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.tensor.Activation;

/**
 * LoRA: Δ = s · dropout(x) Aᵀ Bᵀ with A [r, in], B [out, r], s = lora_alpha / r beside each target; with {@code
 * use_rslora} s = lora_alpha / √r (Kalajdzievski 2023), with {@code use_dora} as in {@link DoraPath}. A starts
 * Kaiming-uniform (±1/√in) and B with zeros, so a fresh module changes nothing.
 */
final class Lora implements PetMethod {
    private final LoraOptions options;
    private final PluginContext context;
    private final TargetModules targets;
    private final LowRankForm form;

    Lora(LoraOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
        this.targets = new TargetModules(options.targetModules());
        this.form = new LowRankForm(
                "lora_A.weight",
                "lora_B.weight",
                options.r(),
                options.scale(),
                Activation.IDENTITY,
                options.loraDropout());
    }

    @Override
    public ModulePlan plan(ModelLayout layout) {
        targets.match(layout).forEach(options.init()::check);
        ModulePlan plan = form.plan(targets, layout);
        return options.useDora() ? Dora.plan(plan, layout) : plan;
    }

    @Override
    public boolean ranked() {
        return !options.useDora(); // its magnitudes stand for the whole update
    }

    @Override
    public PetModule attach(TransformerModel model) {
        if (options.useDora()) {
            return Dora.attach(options, context, model, targets);
        }
        LowRankModule pairs = form.attach(model, targets, context);
        pairs.pairs().forEach(pair -> options.init().fill(context.ops(), pair, options.scale()));
        return new LoraModule(context.ops(), options, model, pairs);
    }
}
