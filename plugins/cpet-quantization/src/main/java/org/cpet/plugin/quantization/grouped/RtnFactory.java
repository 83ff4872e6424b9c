package org.cpet.plugin.quantization.grouped;

import java.util.List;
import org.cpet.plugin.quantization.DenseTargets;
import org.cpet.plugin.quantization.LayerByLayer;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.compress.CompressorFactory;
import org.cpet.spi.model.PackedFormat;

/** Makes {@code rtn}. */
public final class RtnFactory implements CompressorFactory<RtnOptions> {
    @Override
    public String name() {
        return "rtn";
    }

    @Override
    public String description() {
        return "weights rounded to 2, 3, 4 or 8 packed bits with a scale and zero point per row or group";
    }

    @Override
    public List<PackedFormat> formats() {
        return List.of(new AffineFormat());
    }

    @Override
    public Class<RtnOptions> optionsType() {
        return RtnOptions.class;
    }

    @Override
    public Compressor create(RtnOptions options, PluginContext context) {
        DenseTargets targets = new DenseTargets(name(), options.targetModules(), options.include());
        return new LayerByLayer(
                name(),
                targets,
                new AffinePacking(options.form(), options.range(), targets, context),
                () -> context.ops().scope());
    }
}
