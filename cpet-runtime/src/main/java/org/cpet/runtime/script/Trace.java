package org.cpet.runtime.script;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.engine.safetensors.SafetensorsFile;
import org.cpet.runtime.engine.safetensors.SafetensorsLimits;
import org.cpet.runtime.interop.AdapterTensors;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.RecipeSource;
import org.cpet.runtime.recipe.Recipes;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.InputException;
import org.cpet.spi.OptionException;
import org.cpet.spi.PluginContext;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TrainableModule;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.recover.RecoveryModule;
import org.cpet.spi.tensor.AdamWSettings;

/** {@code cpet trace}: of a model with its adapter, or of a compressed student against that model as its teacher. */
public final class Trace {
    private static final String DOWN = ".recovery_D.weight";

    private final EngineSession engine;
    private final PluginCatalog catalog;
    private final PluginContext context;
    private final TaskLoss task;

    public Trace(EngineSession engine, PluginCatalog catalog, PluginContext context) {
        this.engine = engine;
        this.catalog = catalog;
        this.context = context;
        this.task = Methods.crossEntropy(catalog, context);
    }

    /** The traced tensors by name; they belong to the engine's manager or die with it. */
    public Map<String, NDArray> run(TraceRequest request) {
        if (request.recovery().isPresent() && request.compression().isEmpty()) {
            throw new CpetException(ExitCode.RECIPE, "--recovery needs --compression: it works on the student");
        }
        AdamWSettings settings = AdamWSettings.of(request.learningRate(), request.weightDecay());
        OpenedModel opened = open(request);
        TokenBatch batch = TensorFiles.batch(
                request.inputs(), engine, engine.manager(), opened.model().layout());
        if (batch.labels().isEmpty()) {
            throw new InputException(request.inputs() + ": 'labels' is missing; trace differentiates the loss");
        }
        if (!ForwardPass.counts(batch, opened.model().layout().task() == ModelTask.CAUSAL_LM ? 1 : 0)) {
            throw new InputException(request.inputs() + ": labels; found " + TokenBatch.IGNORED
                    + " alone; allowed at least one that counts, as trace differentiates the loss");
        }
        return request.compression().isPresent()
                ? compressed(request, request.compression().get(), opened.model(), batch, settings)
                : new GradientTrace(
                                engine.ops(),
                                opened.modules(),
                                () -> task.loss(opened.model().forward(batch, ForwardMode.EXACT), batch))
                        .run(request.steps(), settings);
    }

    private Map<String, NDArray> compressed(
            TraceRequest request, Path recipe, TransformerModel teacher, TokenBatch batch, AdamWSettings settings) {
        OpenedModel student = CompressedModel.open(
                request.model(),
                request.adapter(),
                Recipes.compression(RecipeSource.file(recipe), List.of(), catalog),
                engine,
                catalog,
                context);
        List<TrainableModule> modules = new ArrayList<>(student.modules());
        request.recovery().ifPresent(file -> modules.add(recovery(request, file, student.model())));
        return new TeacherTrace(
                        engine.ops(),
                        task,
                        Methods.distillation(catalog, "logits_mse", Map.of("alpha", request.alpha()), context),
                        batch)
                .run(teacher, student.model(), modules, request.steps(), settings);
    }

    /** The bottleneck whose rank, scale and layers the file's tensors imply. */
    private RecoveryModule recovery(TraceRequest request, Path file, TransformerModel student) {
        SafetensorsFile tensors = SafetensorsFile.open(file, SafetensorsLimits.ADAPTER);
        try (AdapterTensors loaded = AdapterTensors.load(tensors, engine, Extensions.codecs(catalog, context))) {
            List<Map.Entry<String, NDArray>> downs = loaded.left().entrySet().stream()
                    .filter(entry -> entry.getKey().endsWith(DOWN))
                    .sorted(Map.Entry.comparingByKey())
                    .toList();
            if (downs.isEmpty()) {
                throw new InputException(file + ": no tensor named ..." + DOWN);
            }
            long rank = downs.get(0).getValue().getShape().get(0);
            List<String> layers = downs.stream()
                    .map(entry -> entry.getKey().substring(0, entry.getKey().length() - DOWN.length()))
                    .toList();
            RecoveryModule module = attach(
                    student, file, Map.of("r", rank, "lora_alpha", request.recoveryAlpha(), "target_modules", layers));
            loaded.fill(module);
            loaded.requireNoneLeft();
            return module;
        }
    }

    private RecoveryModule attach(TransformerModel student, Path file, Map<String, Object> options) {
        try {
            return Methods.recovery(catalog, "bottleneck", options, context).attach(student);
        } catch (OptionException e) {
            throw new InputException(file + ": fits no layers of the model; found " + e.getMessage(), e);
        }
    }

    private OpenedModel open(TraceRequest request) {
        return OpenedModel.open(request.model(), request.adapter(), DataType.FLOAT32, engine, catalog, context);
    }
}
