package org.cpet.spi.lowrank;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModulePlan;
import org.cpet.spi.model.TargetModules;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Activation;
import org.cpet.spi.tensor.Initializers;
import org.cpet.spi.tensor.Ops;

/**
 * The side path Δ = scale · σ(dropout(x) Dᵀ) Uᵀ that a method puts beside each of its layers; D [rank, in] starts
 * Kaiming-uniform and U [out, rank] with zeros, so that Δ is 0 at step 0.
 *
 * @param down what D is called after the layer's name, for example {@code lora_A.weight}
 * @param up what U is called
 * @param dropout share of x dropped in training
 */
public record LowRankForm(String down, String up, int rank, double scale, Activation activation, double dropout) {
    /** rank · (in + out) parameters beside each layer chosen. */
    public ModulePlan plan(TargetModules targets, ModelLayout layout) {
        Map<String, Long> parameters = new LinkedHashMap<>();
        for (LinearSpec linear : targets.match(layout)) {
            parameters.put(linear.name(), (long) rank * (linear.in() + linear.out()));
        }
        return new ModulePlan(parameters, targets.unmatched(layout));
    }

    /**
     * Puts a fresh pair beside each layer chosen.
     *
     * @throws org.cpet.spi.OptionException when a target chooses nothing
     */
    public LowRankModule attach(TransformerModel model, TargetModules targets, PluginContext context) {
        return attach(model, targets, context, site -> this);
    }

    /** The same with a form for each layer. */
    public static LowRankModule attach(
            TransformerModel model,
            TargetModules targets,
            PluginContext context,
            Function<LinearSite, LowRankForm> forms) {
        List<LowRankPair> pairs = targets.sites(model).stream()
                .map(site -> forms.apply(site).pair(site, model.manager(), context))
                .toList();
        LowRankModule module = new LowRankModule(context.ops(), pairs);
        module.attach();
        return module;
    }

    /** The same with another non-linearity. */
    public LowRankForm with(Activation other) {
        return new LowRankForm(down, up, rank, scale, other, dropout);
    }

    /** A number as people write it into a config: 16 rather than 16.0. */
    public static Number plain(double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) <= Integer.MAX_VALUE;
        return whole ? (Number) (int) value : (Number) value;
    }

    private LowRankPair pair(LinearSite site, NDManager manager, PluginContext context) {
        Ops ops = context.ops();
        Shape downShape = new Shape(rank, site.op().in());
        Shape upShape = new Shape(site.op().out(), rank);
        String downName = site.name() + "." + down;
        NDArray drawn = Initializers.kaimingUniform(manager, downShape, context.random(downName));
        return new LowRankPair(
                ops,
                this,
                site,
                new TrainableTensor(downName, leaf(ops, drawn)),
                new TrainableTensor(site.name() + "." + up, leaf(ops, manager.zeros(upShape))),
                IntStream.range(0, rank).toArray());
    }

    private static NDArray leaf(Ops ops, NDArray start) {
        try (start) {
            return ops.trainable(start);
        }
    }
}
