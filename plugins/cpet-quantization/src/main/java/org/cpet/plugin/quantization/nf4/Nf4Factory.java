package org.cpet.plugin.quantization.nf4;

import java.util.List;
import org.cpet.plugin.quantization.DenseTargets;
import org.cpet.plugin.quantization.LayerByLayer;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.compress.CompressorFactory;
import org.cpet.spi.model.PackedFormat;

/** Makes {@code nf4}. */
public final class Nf4Factory implements CompressorFactory<Nf4Options> {
    @Override
    public String name() {
        return "nf4";
    }

    @Override
    public String description() {
        return "weights in 4 bits on the quantiles of a normal distribution, in blocks of 64 (QLoRA)";
    }

    @Override
    public List<PackedFormat> formats() {
        return List.of(new Nf4Format());
    }

    @Override
    public Class<Nf4Options> optionsType() {
        return Nf4Options.class;
    }

    @Override
    public Compressor create(Nf4Options options, PluginContext context) {
        DenseTargets targets = new DenseTargets(name(), options.targetModules(), options.include());
        return new LayerByLayer(
                name(),
                targets,
                new Nf4Packing(options.doubleQuant(), targets, context),
                () -> context.ops().scope());
    }
}
