package org.cpet.plugin.pet.ia3;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cpet.plugin.pet.part.PartsModule;
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
 * (IA)³: learnt vectors, all ones at the start, scale keys, values and the inner activations of FFNs; see {@link Ia3Scale}.
 */
final class Ia3 implements PetMethod {
    private final Ia3Options options;
    private final PluginContext context;
    private final TargetModules targets;
    private final TargetModules inner;

    Ia3(Ia3Options options, PluginContext context) {
        this.options = options;
        this.context = context;
        this.targets = new TargetModules(options.targetModules());
        this.inner = new TargetModules(options.feedforwardModules());
    }

    /** One parameter for each output of a layer, or each input of one of the FFN's. */
    @Override
    public ModulePlan plan(ModelLayout layout) {
        Set<String> ofInput = ofInput(layout);
        Map<String, Long> parameters = new LinkedHashMap<>();
        for (LinearSpec linear : targets.match(layout)) {
            parameters.put(linear.name(), (long) (ofInput.contains(linear.name()) ? linear.in() : linear.out()));
        }
        return new ModulePlan(
                parameters,
                Stream.concat(targets.unmatched(layout).stream(), inner.unmatched(layout).stream())
                        .distinct()
                        .toList());
    }

    @Override
    public PetModule attach(TransformerModel model) {
        List<LinearSite> sites = targets.sites(model);
        Set<String> ofInput = ofInput(model.layout());
        List<Ia3Scale> scales = sites.stream()
                .map(site -> new Ia3Scale(context.ops(), model.manager(), site, ofInput.contains(site.name())))
                .toList();
        PartsModule module =
                new PartsModule("ia3", context.ops(), scales, () -> PeftIa3.write(options, sites, ofInput, model));
        module.attach();
        return module;
    }

    private Set<String> ofInput(ModelLayout layout) {
        return inner.match(layout).stream().map(LinearSpec::name).collect(Collectors.toSet());
    }
}
