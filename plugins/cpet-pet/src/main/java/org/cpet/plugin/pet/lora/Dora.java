package org.cpet.plugin.pet.lora;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.plugin.pet.part.PartsModule;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModulePlan;
import org.cpet.spi.model.TargetModules;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.PetModule;

/** Puts {@link DoraPath}s into a model. */
final class Dora {
    private Dora() {}

    /** What LoRA adds, and a magnitude for each output. */
    static ModulePlan plan(ModulePlan lora, ModelLayout layout) {
        Map<String, Long> parameters = new LinkedHashMap<>(lora.parameters());
        parameters.replaceAll((name, count) -> count + layout.linear(name).out());
        return new ModulePlan(parameters, lora.unmatched());
    }

    static PetModule attach(LoraOptions options, PluginContext context, TransformerModel model, TargetModules targets) {
        List<LinearSite> sites = targets.sites(model);
        List<DoraPath> paths = sites.stream()
                .map(site -> new DoraPath(options, context, model.manager(), site))
                .toList();
        PartsModule module = new PartsModule("lora", context.ops(), paths, () -> PeftLora.write(options, sites, model));
        module.attach();
        return module;
    }
}
