package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModulePlan;
import org.cpet.spi.model.TargetModules;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.tensor.Ops;

/**
 * PEQA (section 3): y = x ((s₀ + Δs) ⊙ W̄)ᵀ with the codes W̄ of a packed layer frozen and Δs [out, groups] trained. Δs
 * starts with zeros, so a fresh module changes nothing. The gradient is exact: nothing is rounded again.
 */
final class Peqa implements PetMethod {
    static final String NAME = "peqa";
    static final String PEFT_TYPE = "CPET_PEQA";

    private final PeqaOptions options;
    private final PluginContext context;
    private final TargetModules targets;

    Peqa(PeqaOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
        this.targets = new TargetModules(options.targetModules());
    }

    @Override
    public ModulePlan plan(ModelLayout layout) {
        Map<String, Long> parameters = new LinkedHashMap<>();
        for (LinearSpec linear : targets.match(layout)) {
            int groups = PackedTargets.form(NAME, linear).groups(linear.in());
            parameters.put(linear.name(), (long) linear.out() * groups);
        }
        return new ModulePlan(parameters, targets.unmatched(layout));
    }

    @Override
    public PetModule attach(TransformerModel model) {
        List<LinearSite> sites = targets.sites(model);
        sites.forEach(site -> PackedTargets.linear(NAME, site));
        PackedPetModule module = new PackedPetModule(
                context.ops(),
                TargetsConfig.write(PEFT_TYPE, options.targetModules(), model),
                sites.stream().map(site -> fresh(site, model)).toList());
        module.attach();
        return module;
    }

    private TunedScales fresh(LinearSite site, TransformerModel model) {
        Ops ops = context.ops();
        GroupedCodes codes = PackedTargets.linear(NAME, site).codes();
        try (NDArray zeros = model.manager().zeros(new Shape(codes.out(), codes.groups()))) {
            return new TunedScales(site, ops.trainable(zeros));
        }
    }
}
