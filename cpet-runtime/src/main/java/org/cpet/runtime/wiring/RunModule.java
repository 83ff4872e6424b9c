package org.cpet.runtime.wiring;

import ai.djl.ndarray.types.DataType;
import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.cpet.runtime.data.ClassLabels;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.evaluate.Evaluator;
import org.cpet.runtime.evaluate.TaskScorer;
import org.cpet.runtime.interop.InitialValues;
import org.cpet.runtime.interop.ModelLineage;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.model.ModelFamilies;
import org.cpet.runtime.model.ModelLoader;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.Healing;
import org.cpet.runtime.recipe.HealingSection;
import org.cpet.runtime.recipe.ModelSection;
import org.cpet.runtime.recipe.ModelSection.Init;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.script.Extensions;
import org.cpet.runtime.script.Methods;
import org.cpet.runtime.train.CalibrationRows;
import org.cpet.runtime.train.HealingStage;
import org.cpet.runtime.train.InheritThenRecover;
import org.cpet.runtime.train.Models;
import org.cpet.runtime.train.Scorer;
import org.cpet.runtime.train.StageAdapters;
import org.cpet.runtime.train.Stages;
import org.cpet.runtime.train.TaskModules;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.metric.MetricMethod;
import org.cpet.spi.model.ModelRequest;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TransformerModel;

/** Makes a run's objects from a resolved recipe; {@link RunParts} makes the one injector from it. */
final class RunModule extends AbstractModule {
    private final RunInputs inputs;

    RunModule(RunInputs inputs) {
        this.inputs = inputs;
    }

    @Override
    protected void configure() {
        binder().requireExplicitBindings();
        binder().requireAtInjectOnConstructors();
        binder().requireExactBindingAnnotations();
        binder().disableCircularProxies();
        bind(ResolvedRecipe.class).toInstance(inputs.recipe());
        bind(PluginCatalog.class).toInstance(inputs.catalog());
        bind(EngineSession.class).toInstance(inputs.session());
        bind(InheritThenRecover.class);
    }

    @Provides
    @Singleton
    PluginContext context(ResolvedRecipe recipe, EngineSession session) {
        return new RunContext(
                session,
                recipe.seed(),
                recipe.model().path().resolve("tokenizer.json"),
                notice -> inputs.events().notice("run", notice));
    }

    @Provides
    @Singleton
    ModelDirectory directory(ResolvedRecipe recipe) {
        return ModelDirectory.open(recipe.model().path());
    }

    @Provides
    @Singleton
    ModelLineage lineage(ResolvedRecipe recipe, ModelDirectory directory) {
        return InputHashes.lineage(recipe, directory);
    }

    @Provides
    @Singleton
    TaskRows rows(ResolvedRecipe recipe, ModelDirectory directory, EngineSession session, PluginContext context) {
        return new TaskRows(recipe, directory, session, context, inputs.labels());
    }

    @Provides
    @Singleton
    Models models(
            ResolvedRecipe recipe,
            PluginCatalog catalog,
            EngineSession session,
            PluginContext context,
            ModelDirectory directory,
            TaskRows rows,
            TaskLoss loss) {
        ModelFamilies families = Extensions.families(catalog, context);
        ModelLoader loader = new ModelLoader(families, session, context);
        Supplier<TransformerModel> load = () -> load(loader, recipe, session, directory, rows);
        List<Compressor> compressors = recipe.compression().stream()
                .map(compressor -> compressor.create(context))
                .toList();
        KeptParts kept = new KeptParts(inputs.path(), inputs.directory());
        return new Models(
                load,
                compressors,
                calibration(recipe, session, rows, loss),
                recipe.estimation().isPresent(),
                kept::agree);
    }

    private static TransformerModel load(
            ModelLoader loader, ResolvedRecipe recipe, EngineSession session, ModelDirectory directory, TaskRows rows) {
        int labels = rows.task() == ModelTask.SEQ_CLS && recipe.data().isPresent()
                ? rows.labels().map(ClassLabels::size).orElse(0)
                : 0;
        ModelRequest request = new ModelRequest(rows.task(), labels);
        DataType type = type(recipe.model().dtype(), session);
        TransformerModel model = recipe.model().init() == Init.RANDOM
                ? loader.random(directory, request, type)
                : loader.load(directory, request, type);
        rows.tokenizer().requireWithin(model.layout().vocabulary());
        return model;
    }

    private static DataType type(ModelSection.Dtype dtype, EngineSession session) {
        return switch (dtype) {
            case FLOAT32 -> DataType.FLOAT32;
            case BFLOAT16 -> DataType.BFLOAT16;
            case FLOAT16 -> DataType.FLOAT16;
            case AUTO -> session.kernels().fastBfloat16() ? DataType.BFLOAT16 : DataType.FLOAT32;
        };
    }

    private static CalibrationData calibration(
            ResolvedRecipe recipe, EngineSession session, TaskRows rows, TaskLoss loss) {
        return recipe.data().isPresent()
                ? new CalibrationRows(session.ops(), rows::batches, loss)
                : CalibrationData.NONE;
    }

    @Provides
    @Singleton
    StageAdapters adapters(
            ResolvedRecipe recipe,
            EngineSession session,
            PluginCatalog catalog,
            PluginContext context,
            ModelLineage lineage,
            ModelDirectory directory) {
        return new StageAdapters(
                session,
                Extensions.codecs(catalog, context),
                recipe.recovery().map(method -> method.name()),
                lineage.origin(),
                InitialValues.ofModel(directory));
    }

    @Provides
    @Singleton
    TaskModules modules(
            ResolvedRecipe recipe,
            EngineSession session,
            PluginContext context,
            Teachers teachers,
            TaskRows rows,
            TaskLoss loss) {
        return new TaskModules(
                session.ops(),
                teachers.attachment(recipe),
                recipe.pet().map(method -> method.create(context)),
                recipe.estimation().map(method -> method.create(context)),
                recipe.inheritance(),
                recipe.recovery().map(method -> method.create(context)),
                calibration(recipe, session, rows, loss),
                context::notice);
    }

    @Provides
    @Singleton
    Teachers teachers(
            PluginCatalog catalog,
            EngineSession session,
            PluginContext context,
            ModelLineage lineage,
            ModelDirectory directory) {
        return new Teachers(catalog, session, context, lineage, InitialValues.ofModel(directory));
    }

    @Provides
    @Singleton
    TaskLoss taskLoss(ResolvedRecipe recipe, PluginCatalog catalog, PluginContext context) {
        return recipe.taskLoss()
                .map(method -> method.create(context))
                .orElseGet(() -> Methods.crossEntropy(catalog, context));
    }

    @Provides
    Stages stages(
            ResolvedRecipe recipe,
            EngineSession session,
            PluginContext context,
            StageAdapters adapters,
            TaskRows rows,
            TaskLoss loss,
            Optional<HealingStage> healing,
            Scorer scorer) {
        Stages.Task task = new Stages.Task(
                rows::batches, loss, recipe.distillation().map(method -> method.create(context)), healing, scorer);
        return new Stages(
                recipe, session, inputs.directory().orElseThrow(), adapters, task, inputs.events(), inputs.cancelled());
    }

    /** How C's weights are trained, where the recipe says so. */
    @Provides
    Optional<HealingStage> healing(ResolvedRecipe recipe, EngineSession session, PluginContext context, TaskRows rows) {
        return recipe.healing().map(healing -> healing(healing, recipe.seed(), session, context, rows));
    }

    private HealingStage healing(
            Healing healing, long seed, EngineSession session, PluginContext context, TaskRows rows) {
        HealingSection section = healing.section();
        HealingStage.Options options = new HealingStage.Options(
                seed,
                section.training(),
                healing.losses().stream().map(loss -> loss.create(context)).toList(),
                size -> section.text()
                        .map(text -> rows.text(text, section.max_length(), size))
                        .orElseGet(() -> rows.batches(size)));
        return new HealingStage(options, session, inputs.events(), inputs.cancelled());
    }

    @Provides
    Scorer scorer(EngineSession session, TaskRows rows, Evaluator evaluator) {
        return new TaskScorer(session.ops(), evaluator, rows.collator(), rows.validation(), rows.test());
    }

    @Provides
    Evaluator evaluator(ResolvedRecipe recipe, EngineSession session, PluginContext context, TaskRows rows) {
        Map<String, MetricMethod> metrics = new LinkedHashMap<>();
        recipe.metrics().forEach(metric -> metrics.put(metric.name(), metric.create(context)));
        return new Evaluator(
                session.ops(),
                rows.task(),
                rows.collator(),
                rows.encoder(),
                rows.labels(),
                metrics,
                recipe.evaluation().batch_size());
    }
}
