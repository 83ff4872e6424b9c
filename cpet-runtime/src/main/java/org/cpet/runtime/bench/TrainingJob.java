package org.cpet.runtime.bench;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.cpet.runtime.checkpoint.StageCheckpoints;
import org.cpet.runtime.memory.BatchShape;
import org.cpet.runtime.memory.StageDemand;
import org.cpet.runtime.memory.StageDemand.Teaching;
import org.cpet.runtime.memory.StageMemory;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.TrainingSection;
import org.cpet.runtime.script.Methods;
import org.cpet.runtime.train.AnswerBudget;
import org.cpet.runtime.train.Objective;
import org.cpet.runtime.train.OptimizerStep;
import org.cpet.runtime.train.StagePlan;
import org.cpet.runtime.train.TaskModule;
import org.cpet.runtime.train.TaskModules;
import org.cpet.runtime.train.TeacherAnswers;
import org.cpet.runtime.train.TeacherCache;
import org.cpet.runtime.train.Validation;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/** Optimizer steps of the training loop that runs use. */
final class TrainingJob implements BenchJob {
    private final TransformerModel model;
    private final Optional<TransformerModel> teacher;
    private final TaskModule module;
    private final StagePlan plan;
    private final OptimizerStep optimizer;
    private final double rate;
    private final StageMemory memory;
    private long steps;

    private TrainingJob(
            TransformerModel model,
            Optional<TransformerModel> teacher,
            TaskModule module,
            StagePlan plan,
            OptimizerStep optimizer,
            double rate,
            StageMemory memory) {
        this.model = model;
        this.teacher = teacher;
        this.module = module;
        this.plan = plan;
        this.optimizer = optimizer;
        this.rate = rate;
        this.memory = memory;
    }

    static TrainingJob build(
            BenchRequest request, BenchModels models, WorkloadRows rows, PluginCatalog catalog, PluginContext context) {
        Ops ops = context.ops();
        TransformerModel model = models.dense(request.shape(), request.type());
        Optional<TransformerModel> teacher = request.mode() == BenchMode.TRAIN_CPET
                ? Optional.of(models.dense(request.shape(), request.type()))
                : Optional.empty();
        Objective objective = Objective.of(context.ops(), Methods.crossEntropy(catalog, context));
        Teaching teaching = Teaching.NONE;
        if (request.mode().compresses()) {
            DistillationLoss distance = Methods.distillation(
                    catalog, "logits_mse", Map.of("alpha", request.common().cpetAlpha()), context);
            AnswerBudget budget = AnswerBudget.ofMemory(teacher.isPresent() ? 0 : AnswerBudget.MEMORY);
            TeacherAnswers answers = TeacherCache.of(
                    ops, teacher.orElse(model), rows, request.shape().batch(), distance.needs(), budget, notice -> {});
            objective = objective.plus(context.ops(), distance, answers);
            teaching = new Teaching(answers.bytes(), true);
            models.round(model);
        }
        if (request.mode().w4()) {
            models.pack(model);
        }
        TaskModules modules = modules(request, catalog, context);
        TaskModule module = modules.attach(model);
        modules.recover(module);
        StagePlan plan = new StagePlan(
                request.mode().key(),
                model,
                module.parameters(),
                objective,
                training(request),
                rows,
                () -> new Validation.Measured(Map.of(), 0, 0, 0),
                StageCheckpoints.NONE);
        OptimizerStep optimizer = new OptimizerStep(plan, ops, request.common().seed());
        StageDemand demand = StageDemand.of(
                model,
                teacher.map(other -> other.tensors().stream()
                                .mapToLong(ModelTensor::bytes)
                                .sum())
                        .orElse(0L),
                module.parameters(),
                0,
                teaching);
        BatchShape batch = new BatchShape(
                request.shape().batch(), request.shape().seq(), request.shape().decSeq());
        StageMemory memory = demand.with(batch, request.memory() == TrainingSection.Memory.LOW);
        return new TrainingJob(
                model, teacher, module, plan, optimizer, request.common().lr(), memory);
    }

    private static TaskModules modules(BenchRequest request, PluginCatalog catalog, PluginContext context) {
        String pet = request.mode().pet();
        Map<String, Object> options = pet.equals("lora") ? BenchModels.lora(request.shape()) : Map.of();
        return new TaskModules(
                context.ops(),
                Optional.empty(),
                Optional.of(Methods.pet(catalog, pet, options, context)),
                Optional.empty(),
                Optional.empty(),
                request.mode().compresses()
                        ? Optional.of(Methods.recovery(
                                catalog, "bottleneck", BenchModels.recovery(request.common()), context))
                        : Optional.empty(),
                CalibrationData.NONE,
                context::notice);
    }

    private static TrainingSection training(BenchRequest request) {
        return new TrainingSection(
                request.common().lr(),
                Optional.empty(),
                Optional.of(Integer.MAX_VALUE),
                request.shape().batch(),
                1,
                TrainingSection.Scheduler.CONSTANT,
                0,
                request.common().weightDecay(),
                1.0,
                1,
                Integer.MAX_VALUE,
                request.memory());
    }

    @Override
    public double step() {
        steps++;
        int batch = (int) ((steps - 1) % plan.rows().microBatches());
        OptimizerStep.Outcome outcome =
                optimizer.run(steps, rate, List.of(plan.rows().rows(0, batch)));
        try (NDArray loss = outcome.losses().get(0);
                NDArray norm = outcome.norm()) {
            return norm.getFloat() * 0 + loss.getFloat();
        }
    }

    @Override
    public long trainableParameters() {
        return module.size();
    }

    @Override
    public long parameters() {
        return model.tensors().stream()
                        .mapToLong(tensor -> tensor.value().size())
                        .sum()
                + module.size();
    }

    @Override
    public OptionalLong predictedPeak() {
        return OptionalLong.of(memory.total());
    }

    @Override
    public void close() {
        optimizer.close();
        module.close();
        model.close();
        teacher.ifPresent(TransformerModel::close);
    }
}
