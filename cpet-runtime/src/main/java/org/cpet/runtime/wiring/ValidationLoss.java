package org.cpet.runtime.wiring;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.cpet.runtime.adapter.AdapterTrial.AdapterBench;
import org.cpet.runtime.data.EncodedData;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.script.AdapterBatchLoss;
import org.cpet.runtime.train.Events;
import org.cpet.runtime.train.TaskModule;
import org.cpet.spi.InputException;
import org.cpet.spi.adapter.AdapterTensor;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.TrainableModule;

/** The mean task loss of a recipe's original model on validation rows, with adapters put into it one after the other. */
public final class ValidationLoss implements AdapterBench, AutoCloseable {
    private final EngineSession session;
    private final RunParts parts;
    private final TaskModule module;
    private final EncodedData rows;

    private ValidationLoss(EngineSession session, RunParts parts, TaskModule module, EncodedData rows) {
        this.session = session;
        this.parts = parts;
        this.module = module;
        this.rows = rows;
    }

    /**
     * Opens a recipe's model with an adapter whose tensors will be replaced.
     *
     * @param recipe whose teacher is that adapter
     * @param limit at most so many rows, the first; all without it
     */
    public static ValidationLoss open(
            ResolvedRecipe recipe,
            Path adapter,
            OptionalInt limit,
            PluginCatalog catalog,
            EngineSession session,
            Events events) {
        RunParts parts = RunParts.of(new RunInputs(
                recipe, catalog, session, adapter, Optional.empty(), Optional.empty(), events, () -> false));
        try {
            EncodedData all = parts.rows().validation();
            if (all.size() == 0) {
                throw new InputException("no validation rows in recipe '" + recipe.name()
                        + "'; allowed data with a validation file or training rows to cut them from");
            }
            int size = Math.min(all.size(), limit.orElse(all.size()));
            EncodedData rows =
                    new EncodedData(all.examples().subList(0, size), all.rows().subList(0, size));
            TaskModule module = parts.modules()
                    .teacher()
                    .orElseThrow()
                    .attach(parts.models().original());
            return new ValidationLoss(session, parts, module, rows);
        } catch (RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    @Override
    public double loss(Map<AdapterTensor, float[]> tensors) {
        List<TrainableModule> modules = new ArrayList<>();
        module.pet().ifPresent(modules::add);
        modules.add(module.classifier());
        AdapterBatchLoss.fill(session, modules, tensors);
        return parts.evaluator()
                .evaluate(module.model(), rows, ForwardMode.EXACT)
                .loss();
    }

    @Override
    public void close() {
        module.close();
        parts.close();
    }
}
