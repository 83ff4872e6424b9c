package org.cpet.plugin.quantization.loftq;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.cpet.plugin.quantization.DenseTargets;
import org.cpet.plugin.quantization.LayerByLayer;
import org.cpet.plugin.quantization.WeightPacking;
import org.cpet.plugin.quantization.grouped.AffinePacking;
import org.cpet.plugin.quantization.grouped.GroupedForm;
import org.cpet.plugin.quantization.grouped.RangeSearch;
import org.cpet.plugin.quantization.nf4.Nf4Packing;
import org.cpet.spi.Options;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.compress.CompressorFactory;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.LinearSpec;

/** Makes {@code loftq}. */
public final class LoftqFactory implements CompressorFactory<LoftqOptions> {
    private static final String NAME = "loftq";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "packs weights together with low-rank factors for what is lost, where lora with init: loftq starts";
    }

    @Override
    public Class<LoftqOptions> optionsType() {
        return LoftqOptions.class;
    }

    @Override
    public Compressor create(LoftqOptions options, PluginContext context) {
        DenseTargets targets = new DenseTargets(NAME, options.targetModules(), List.of());
        WeightPacking packing = new Ranked(options.r(), packing(options, targets, context));
        return new LayerByLayer(
                NAME,
                targets,
                packing,
                () -> context.ops().scope(),
                site -> new Loftq(context.ops(), packing, options.r(), options.iterations()).apply(site));
    }

    private static WeightPacking packing(LoftqOptions options, DenseTargets targets, PluginContext context) {
        return switch (options.base()) {
            case NF4 -> new Nf4Packing(true, targets, context);
            case RTN ->
                new AffinePacking(
                        new GroupedForm(options.bits(), options.groupSize().orElse(0)),
                        RangeSearch.MINMAX,
                        targets,
                        context);
        };
    }

    /** Refuses layers too small for factors of a rank. */
    private record Ranked(int rank, WeightPacking packing) implements WeightPacking {
        @Override
        public LinearSpec spec(LinearSpec linear) {
            int most = Math.min(linear.out(), linear.in());
            Options.check(
                    rank <= most, "r must be at most %d, the smaller side of %s, was %d", most, linear.name(), rank);
            return packing.spec(linear);
        }

        @Override
        public LinearOp pack(String layer, NDArray weight, List<NDArray> bias) {
            return packing.pack(layer, weight, bias);
        }
    }
}
