package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
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
 * Quantisation-aware training, what {@code peqa} is measured against: y = x Q(W)ᵀ with a trained W [out, in] for each
 * packed layer, rounded to the layer's own grid in every pass; gradients go straight through the rounding. W starts as the
 * numbers that the codes stand for, so a fresh module changes nothing; a weight has to move by half a step of the grid
 * before its code changes, which takes a learning rate above that of full fine-tuning.
 */
final class Qat implements PetMethod {
    static final String NAME = "qat";
    static final String PEFT_TYPE = "CPET_QAT";

    private final QatOptions options;
    private final PluginContext context;
    private final TargetModules targets;

    Qat(QatOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
        this.targets = new TargetModules(options.targetModules());
    }

    @Override
    public ModulePlan plan(ModelLayout layout) {
        Map<String, Long> parameters = new LinkedHashMap<>();
        for (LinearSpec linear : targets.match(layout)) {
            PackedTargets.form(NAME, linear);
            parameters.put(linear.name(), (long) linear.out() * linear.in());
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
                sites.stream().map(this::fresh).toList());
        module.attach();
        return module;
    }

    @SuppressWarnings("try") // the scope frees the weight that the leaf is copied from
    private LatentWeight fresh(LinearSite site) {
        Ops ops = context.ops();
        try (Ops.Scope scope = ops.scope()) {
            NDArray start = PackedTargets.linear(NAME, site).weight();
            return new LatentWeight(site, ops.trainable(start));
        }
    }
}
