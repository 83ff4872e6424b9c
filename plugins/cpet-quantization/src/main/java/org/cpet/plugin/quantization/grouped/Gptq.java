package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.cpet.plugin.quantization.DenseTargets;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.CalibrationPass;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.compress.CompressionReport.SiteChange;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/**
 * GPTQ: the layers of one attention or FFN block after the other are rounded by {@link ColumnRounding} with the Hessian of
 * the inputs that they have once all blocks before are rounded.
 */
final class Gptq implements Compressor {
    private static final String NAME = "gptq";
    private static final double MOST_DAMP = 10;

    private final GptqOptions options;
    private final PluginContext context;
    private final DenseTargets targets;

    Gptq(GptqOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
        this.targets = new DenseTargets(NAME, options.targetModules(), options.include());
    }

    @Override
    public boolean needsCalibration() {
        return true;
    }

    @Override
    public ModelLayout plan(ModelLayout layout) {
        return targets.plan(layout, linear -> {
            LinearSpec packed = options.form().spec(linear);
            return ordered(options.form().of(linear.in()))
                    ? packed.stored(packed.storage(), packed.bytes() + 4L * linear.in())
                    : packed;
        });
    }

    private boolean ordered(GroupedForm form) {
        return options.actOrder() && form.groupSize() > 0;
    }

    @Override
    public CompressionReport compress(TransformerModel model, CalibrationData calibration) {
        plan(model.layout());
        Set<String> chosen = targets.names(model.layout());
        Map<String, SiteChange> changes = new LinkedHashMap<>();
        for (List<LinearSite> block : blocks(model)) {
            List<LinearSite> sites =
                    block.stream().filter(site -> chosen.contains(site.name())).toList();
            if (!sites.isEmpty()) {
                quantize(model, sites, calibration, changes);
            }
        }
        return CompressionReport.of(
                NAME,
                model.linears().stream()
                        .filter(site -> changes.containsKey(site.name()))
                        .map(site -> changes.get(site.name()))
                        .toList());
    }

    /** Attention and FFN blocks in the order of the forward pass, then what stands outside of them. */
    private static List<List<LinearSite>> blocks(TransformerModel model) {
        Map<LinearSite, List<LinearSite>> owners = new LinkedHashMap<>();
        for (AttentionSite attention : model.attentions()) {
            own(owners, List.of(attention.query(), attention.key(), attention.value(), attention.output()));
        }
        for (FeedForwardSite feedForward : model.feedForwards()) {
            own(
                    owners,
                    Stream.concat(feedForward.ins().stream(), Stream.of(feedForward.out()))
                            .toList());
        }
        Set<List<LinearSite>> blocks = new LinkedHashSet<>();
        model.linears().forEach(site -> blocks.add(owners.getOrDefault(site, List.of(site))));
        return new ArrayList<>(blocks);
    }

    private static void own(Map<LinearSite, List<LinearSite>> owners, List<LinearSite> block) {
        block.forEach(site -> owners.put(site, block));
    }

    private void quantize(
            TransformerModel model,
            List<LinearSite> sites,
            CalibrationData calibration,
            Map<String, SiteChange> changes) {
        try (NDManager owner = model.manager().newSubManager()) {
            Map<LinearSite, Hessian> hessians = new LinkedHashMap<>();
            Map<LinearSite, Consumer<NDArray>> readers = new LinkedHashMap<>();
            sites.forEach(site -> {
                Hessian hessian = Hessian.zero(owner, site.op().in());
                hessians.put(site, hessian);
                readers.put(site, hessian::add);
            });
            new CalibrationPass(context.ops(), model, options.calibrationRows()).run(calibration, readers);
            hessians.forEach((site, hessian) -> changes.put(site.name(), quantize(site, hessian)));
        }
    }

    private SiteChange quantize(LinearSite site, Hessian hessian) {
        Ops ops = context.ops();
        LinearSpec before = site.spec();
        int out = site.op().out();
        int in = site.op().in();
        GroupedForm form = options.form().of(in);
        try (Ops.Scope scope = ops.scope()) {
            double tokens = hessian.tokens().getDouble();
            if (tokens == 0) {
                throw new CpetException(
                        ExitCode.RECIPE,
                        "gptq: no calibration token reaches layer " + site.name()
                                + "; found 0 tokens; allowed data with training rows, or rtn, which needs none");
            }
            NDArray weight = ops.cast(site.op().weight(), DataType.FLOAT32);
            NDArray alive = Hessian.diagonal(hessian.sum()).neq(0).toType(DataType.FLOAT32, true);
            NDArray energy = hessian.value((float) tokens);
            NDArray columns = weight.mul(alive.reshape(1, in));
            Optional<NDArray> order = options.actOrder() ? Optional.of(byEnergy(energy)) : Optional.empty();
            NDArray sorted =
                    order.map(o -> columns.get(new NDIndex(":, {}", o))).orElse(columns);
            NDArray factor = factor(
                    site.name(),
                    order.map(o -> energy.get(new NDIndex("{}", o)).get(new NDIndex(":, {}", o)))
                            .orElse(energy));

            int size = form.groupSize() == 0 ? in : form.groupSize();
            ColumnRounding rounding = new ColumnRounding(
                    ops, form.bits(), out, in, size, group -> AffineGrid.of(group, form.bits(), options.range()));
            rounding.run(sorted.duplicate(), factor);
            NDManager manager = weight.getManager();
            AffineGrid grid = rounding.grid(manager);
            targets.requireFinite(site.name(), grid.scales());
            NDArray codes = rounding.codes(manager);
            site.replace(new GroupedLinear(
                    ops,
                    site.name(),
                    packed(form, codes, grid, order),
                    site.op().bias()));
            return SiteChange.between(before, site);
        }
    }

    /** Rows with one scale take their columns in the layer's own order again. */
    private GroupedCodes packed(GroupedForm form, NDArray codes, AffineGrid grid, Optional<NDArray> order) {
        Ops ops = context.ops();
        if (order.isEmpty()) {
            return GroupedCodes.pack(ops, form, codes, grid, Optional.empty());
        }
        if (form.groupSize() == 0) {
            NDArray own = codes.get(new NDIndex(":, :, {}", order.get().argSort()));
            return GroupedCodes.pack(ops, form, own, grid, Optional.empty());
        }
        // the Hessian, and with it the order, is freed before the layer
        int[] columns = order.get().toType(DataType.INT32, false).toIntArray();
        NDArray kept = ops.copy(codes.getManager().create(columns));
        return GroupedCodes.pack(ops, form, codes, grid, Optional.of(kept));
    }

    /** Positions of the columns, largest diagonal of H first. */
    private static NDArray byEnergy(NDArray energy) {
        return Hessian.diagonal(energy).neg().argSort();
    }

    /** U of H + damp · mean(diag H) · I; the damp grows where that is not positive definite. */
    private NDArray factor(String layer, NDArray energy) {
        Ops ops = context.ops();
        NDArray identity = energy.getManager().eye((int) energy.getShape().get(0));
        float mean = Hessian.diagonal(energy).mean().getFloat();
        for (double damp = options.damp(); damp <= MOST_DAMP; damp = Math.max(10 * damp, 0.01)) {
            Optional<NDArray> factor = ops.inverseFactor(energy.add(identity.mul(damp * mean)));
            if (factor.isPresent()) {
                if (damp > options.damp()) {
                    context.notice("gptq: the Hessian of " + layer + " needed damp " + damp + " instead of "
                            + options.damp() + "; more calibration_rows make it better");
                }
                return factor.get();
            }
        }
        throw new CpetException(
                ExitCode.RECIPE,
                "gptq: the Hessian of " + layer + " is not positive definite with any damp up to " + MOST_DAMP
                        + "; allowed more calibration_rows, or rtn");
    }
}
