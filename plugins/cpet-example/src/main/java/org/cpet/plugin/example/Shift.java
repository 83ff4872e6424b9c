package org.cpet.plugin.example;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModulePlan;
import org.cpet.spi.model.TargetModules;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetModule;

/** A task module of one vector b [out] per layer: y = x Wᵀ + b_W + b. It starts at 0, so attaching changes nothing. */
final class Shift implements PetMethod {
    private final PluginContext context;
    private final TargetModules targets;

    Shift(ShiftOptions options, PluginContext context) {
        this.context = context;
        this.targets = new TargetModules(options.targetModules());
    }

    /** Counts parameters from shapes alone: {@code cpet plan} runs without weights and without a tensor engine. */
    @Override
    public ModulePlan plan(ModelLayout layout) {
        Map<String, Long> parameters = new LinkedHashMap<>();
        for (LinearSpec linear : targets.match(layout)) {
            parameters.put(linear.name(), (long) linear.out());
        }
        return new ModulePlan(parameters, targets.unmatched(layout));
    }

    @Override
    public PetModule attach(TransformerModel model) {
        List<ShiftVector> vectors = new ArrayList<>();
        for (LinearSite site : targets.sites(model)) {
            vectors.add(vector(model, site));
        }
        ShiftModule module = new ShiftModule(context.ops(), vectors);
        module.attach();
        return module;
    }

    /** A trainable tensor is a float32 leaf made by ops.trainable, named after its layer. */
    private ShiftVector vector(TransformerModel model, LinearSite site) {
        try (NDArray start = model.manager().zeros(new Shape(site.op().out()))) {
            NDArray leaf = context.ops().trainable(start);
            return new ShiftVector(context.ops(), site, new TrainableTensor(site.name() + ".shift", leaf));
        }
    }
}
