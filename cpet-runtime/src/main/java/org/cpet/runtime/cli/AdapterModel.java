package org.cpet.runtime.cli;

import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.cpet.runtime.adapter.AdapterTrial;
import org.cpet.runtime.script.AdapterBatchLoss;
import org.cpet.runtime.script.Methods;
import org.cpet.runtime.script.OpenedModel;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The model and the rows that adapters are measured on. */
final class AdapterModel {
    @Option(names = "--model", description = "model directory that adapters are measured on")
    private @Nullable Path model;

    @Option(names = "--data", paramLabel = "FILE", description = "tensors as `cpet forward` reads them, with labels")
    private @Nullable Path data;

    /** Whether there is something to measure on; one alone is refused. */
    boolean given() {
        if ((model == null) != (data == null)) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    model == null
                            ? "--data needs --model: the loss is measured on it"
                            : "--model needs --data: the loss is measured on its rows");
        }
        return model != null;
    }

    /** Runs with a trial when a model was given, else without; the adapter in the model gives way to those tried. */
    <T> T with(Plugins plugins, Path adapter, Function<Optional<AdapterTrial>, T> work) {
        if (model == null || data == null) {
            return work.apply(Optional.empty());
        }
        try (Desk desk = Desk.open(plugins, 0);
                OpenedModel opened = OpenedModel.open(
                        model, adapter, DataType.FLOAT32, desk.engine(), desk.catalog(), desk.context())) {
            AdapterBatchLoss loss = new AdapterBatchLoss(
                    desk.engine(), opened, data, Methods.crossEntropy(desk.catalog(), desk.context()));
            return work.apply(Optional.of(new AdapterTrial(loss, desk.context()::notice)));
        }
    }
}
