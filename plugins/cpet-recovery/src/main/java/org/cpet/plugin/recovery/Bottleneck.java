package org.cpet.plugin.recovery;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.cpet.spi.OptionException;
import org.cpet.spi.PluginContext;
import org.cpet.spi.lowrank.LowRankForm;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModulePlan;
import org.cpet.spi.model.TargetModules;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.recover.RecoveryMethod;
import org.cpet.spi.recover.RecoveryModule;
import org.cpet.spi.tensor.Activation;

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
        ModulePlan plan = form.plan(targets, layout);
        List<String> unmatched = new ArrayList<>(plan.unmatched());
        idle(plan, layout).forEach(unmatched::add);
        return new ModulePlan(plan.parameters(), unmatched);
    }

    @Override
    public RecoveryModule attach(TransformerModel compressed) {
        ModelLayout layout = compressed.layout();
        idle(form.plan(targets, layout), layout).findFirst().ifPresent(ending -> {
            throw new OptionException(
                    "activation_by_layer: no layer that gets a bottleneck has a name with this ending;" + " found "
                            + ending + "; allowed endings of layers that target_modules choose");
        });
        return new BottleneckModule(
                options,
                LowRankForm.attach(compressed, targets, context, site -> form.with(activation(site.name(), layout))));
    }

    /** Endings that choose no layer with a bottleneck. */
    private Stream<String> idle(ModulePlan plan, ModelLayout layout) {
        return options.activationByLayer().stream()
                .flatMap(entry -> entry.targetModules().stream())
                .filter(ending -> chosen(List.of(ending), layout).noneMatch(plan.parameters()::containsKey));
    }

    private Activation activation(String layer, ModelLayout layout) {
        return options.activationByLayer().stream()
                .filter(entry -> chosen(entry.targetModules(), layout).anyMatch(layer::equals))
                .map(LayerActivation::activation)
                .findFirst()
                .orElse(options.activation());
    }

    private static Stream<String> chosen(List<String> endings, ModelLayout layout) {
        return new TargetModules(endings).match(layout).stream().map(LinearSpec::name);
    }
}
