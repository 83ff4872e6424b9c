package org.cpet.runtime.script;

import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.Configured;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.model.TransformerModel;

/** A model directory opened, compressed without any data, and given an adapter that was made for the original. */
public final class CompressedModel {
    private CompressedModel() {}

    static OpenedModel open(
            Path directory,
            Path adapter,
            List<Configured<Compressor>> compression,
            EngineSession engine,
            PluginCatalog catalog,
            PluginContext context) {
        return OpenedModel.open(
                directory,
                adapter,
                DataType.FLOAT32,
                engine,
                catalog,
                context,
                model -> compress(model, compression, context));
    }

    /** Applies compressors in order and gives their reports; one that needs calibration rows is refused. */
    public static List<CompressionReport> compress(
            TransformerModel model, List<Configured<Compressor>> compression, PluginContext context) {
        return compress(model, compression, context, (step, compressed) -> {});
    }

    /** The same, the model shown after each compressor. */
    public static List<CompressionReport> compress(
            TransformerModel model,
            List<Configured<Compressor>> compression,
            PluginContext context,
            BiConsumer<String, TransformerModel> watcher) {
        List<CompressionReport> reports = new ArrayList<>();
        for (Configured<Compressor> method : compression) {
            Compressor compressor = method.create(context);
            if (compressor.needsCalibration()) {
                throw new CpetException(
                        ExitCode.RECIPE,
                        "compression." + method.name()
                                + " measures rows of data; found a recipe without section 'data', or a command that reads"
                                + " none; allowed options that need none, such as criterion: magnitude");
            }
            reports.add(compressor.compress(model, CalibrationData.NONE));
            watcher.accept(method.name(), model);
        }
        return reports;
    }
}
