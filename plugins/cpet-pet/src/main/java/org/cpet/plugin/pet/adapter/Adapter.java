package org.cpet.plugin.pet.adapter;

import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.plugin.pet.bottleneck.DenseProjection;
import org.cpet.plugin.pet.bottleneck.Network;
import org.cpet.plugin.pet.bottleneck.SerialPath;
import org.cpet.plugin.pet.part.Axis;
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
 * Adapters (Houlsby et al. 2019): behind the output of attention and of the FFN, before the residual, y ← y + σ(y Dᵀ + d)
 * Uᵀ + u with D [b, out], U [out, b]. D and U start normal with deviation 0.01, so a fresh adapter changes little.
 */
final class Adapter implements PetMethod {
    static final String PEFT_TYPE = "CPET_ADAPTER";

    private final AdapterOptions options;
    private final PluginContext context;
    private final TargetModules targets;

    Adapter(AdapterOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
        this.targets = new TargetModules(options.targetModules());
    }

    /** 2 · b · out + b + out parameters behind each layer. */
    @Override
    public ModulePlan plan(ModelLayout layout) {
        int width = options.bottleneckDim();
        Map<String, Long> parameters = new LinkedHashMap<>();
        for (LinearSpec linear : targets.match(layout)) {
            parameters.put(
                    linear.name(),
                    DenseProjection.size(linear.out(), width) + DenseProjection.size(width, linear.out()));
        }
        return new ModulePlan(parameters, targets.unmatched(layout));
    }

    @Override
    public PetModule attach(TransformerModel model) {
        List<SerialPath> paths = targets.sites(model).stream()
                .map(site -> path(site, model.manager()))
                .toList();
        PartsModule module =
                new PartsModule("adapter", context.ops(), paths, () -> OwnConfig.write(PEFT_TYPE, options, model));
        module.attach();
        return module;
    }

    private SerialPath path(LinearSite site, NDManager manager) {
        Axis outputs = Axis.rows(site);
        Axis inner = Axis.whole(options.bottleneckDim());
        String name = site.name();
        Network network = new Network(
                context.ops(),
                DenseProjection.of(context, manager, name + ".adapter_down", inner, outputs),
                options.activation(),
                DenseProjection.of(context, manager, name + ".adapter_up", outputs, inner),
                1);
        return new SerialPath(context.ops(), site, network);
    }
}
