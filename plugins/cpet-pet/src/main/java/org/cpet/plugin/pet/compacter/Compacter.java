package org.cpet.plugin.pet.compacter;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.plugin.pet.bottleneck.Network;
import org.cpet.plugin.pet.bottleneck.SerialPath;
import org.cpet.plugin.pet.part.Axis;
import org.cpet.plugin.pet.part.Part;
import org.cpet.plugin.pet.part.PartTensor;
import org.cpet.plugin.pet.part.PartsModule;
import org.cpet.plugin.pet.peft.OwnConfig;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModulePlan;
import org.cpet.spi.model.TargetModules;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetModule;

/**
 * Compacter (Karimi Mahabadi et al. 2021): serial adapters y ← y + σ(y H₁ + d) H₂ + u whose matrices are {@link
 * KroneckerProjection}s; all of them share one C unless each has its own.
 */
final class Compacter implements PetMethod {
    static final String PEFT_TYPE = "CPET_COMPACTER";
    static final String RULE = "compacter_rule";

    private final CompacterOptions options;
    private final PluginContext context;
    private final TargetModules targets;

    Compacter(CompacterOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
        this.targets = new TargetModules(options.targetModules());
    }

    /** With bottleneck b: 2 k (out + b) + out + b behind each layer, and n³ once; 2 n³ more each where C is not shared. */
    @Override
    public ModulePlan plan(ModelLayout layout) {
        long n = options.hypercomplexDivision();
        Map<String, Long> parameters = new LinkedHashMap<>();
        for (LinearSpec linear : targets.match(layout)) {
            int width = options.bottleneck(linear.name(), linear.out());
            parameters.put(
                    linear.name(),
                    options.size(linear.out(), width)
                            + options.size(width, linear.out())
                            + (options.sharedRule() ? 0 : 2 * n * n * n));
        }
        if (options.sharedRule() && !parameters.isEmpty()) {
            parameters.put(RULE, n * n * n);
        }
        return new ModulePlan(parameters, targets.unmatched(layout));
    }

    @Override
    public PetModule attach(TransformerModel model) {
        List<LinearSite> sites = targets.sites(model);
        sites.forEach(site -> options.bottleneck(site.name(), site.op().out()));
        List<Part> parts = new ArrayList<>();
        List<PartTensor> shared = options.sharedRule()
                ? List.of(KroneckerProjection.rule(options, context, model.manager(), RULE))
                : List.of();
        shared.forEach(rule -> parts.add(new SharedRule(rule)));
        sites.forEach(site -> parts.add(path(site, model.manager(), shared)));
        PartsModule module =
                new PartsModule("compacter", context.ops(), parts, () -> OwnConfig.write(PEFT_TYPE, options, model));
        module.attach();
        return module;
    }

    private SerialPath path(LinearSite site, NDManager manager, List<PartTensor> shared) {
        Axis outputs = Axis.rows(site);
        Axis inner = Axis.whole(options.bottleneck(site.name(), outputs.size()));
        String name = site.name();
        Network network = new Network(
                context.ops(),
                KroneckerProjection.of(options, context, manager, name + ".compacter_down", shared, outputs, inner),
                options.activation(),
                KroneckerProjection.of(options, context, manager, name + ".compacter_up", shared, inner, outputs),
                1);
        return new SerialPath(context.ops(), site, network);
    }
}
