package org.cpet.plugin.pet.parallel;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.plugin.pet.bottleneck.DenseProjection;
import org.cpet.plugin.pet.bottleneck.Network;
import org.cpet.plugin.pet.part.Axis;
import org.cpet.plugin.pet.part.PartsModule;
import org.cpet.plugin.pet.peft.OwnConfig;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModulePlan;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetModule;

/**
 * Parallel adapters (He et al. 2022, section 3.2): beside attention and FFN, block(x) + s · (σ(x Dᵀ + d) Uᵀ + u) with x
 * what the block reads, D [b, hidden], U [hidden, b]. D and U start normal with deviation 0.01.
 */
final class ParallelAdapter implements PetMethod {
    static final String PEFT_TYPE = "CPET_PARALLEL_ADAPTER";

    private final ParallelAdapterOptions options;
    private final PluginContext context;

    ParallelAdapter(ParallelAdapterOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
    }

    /** b · (in + out) + b + out parameters beside each block, counted at its last layer. */
    @Override
    public ModulePlan plan(ModelLayout layout) {
        Map<String, Long> parameters = new LinkedHashMap<>();
        if (options.blocks().contains(AdapterBlock.ATTENTION)) {
            layout.attentions().forEach(block -> count(layout, block.query(), block.output(), parameters));
        }
        if (options.blocks().contains(AdapterBlock.FFN)) {
            layout.feedForwards().forEach(block -> count(layout, block.ins().get(0), block.out(), parameters));
        }
        return new ModulePlan(parameters, List.of());
    }

    private void count(ModelLayout layout, String first, String last, Map<String, Long> parameters) {
        int width = options.bottleneckDim();
        parameters.put(
                last,
                DenseProjection.size(layout.linear(first).in(), width)
                        + DenseProjection.size(width, layout.linear(last).out()));
    }

    @Override
    public PetModule attach(TransformerModel model) {
        List<ParallelPath> paths = new ArrayList<>();
        if (options.blocks().contains(AdapterBlock.ATTENTION)) {
            model.attentions().forEach(block -> paths.add(path(block.query(), block.output(), model.manager())));
        }
        if (options.blocks().contains(AdapterBlock.FFN)) {
            model.feedForwards().forEach(block -> paths.add(path(block.ins().get(0), block.out(), model.manager())));
        }
        PartsModule module = new PartsModule(
                "parallel_adapter", context.ops(), paths, () -> OwnConfig.write(PEFT_TYPE, options, model));
        module.attach();
        return module;
    }

    private ParallelPath path(LinearSite first, LinearSite last, NDManager manager) {
        Axis inner = Axis.whole(options.bottleneckDim());
        String name = last.name();
        Network network = new Network(
                context.ops(),
                DenseProjection.of(context, manager, name + ".parallel_adapter_down", inner, Axis.columns(first)),
                options.activation(),
                DenseProjection.of(context, manager, name + ".parallel_adapter_up", Axis.rows(last), inner),
                options.scale());
        return new ParallelPath(context.ops(), first, last, network);
    }
}
