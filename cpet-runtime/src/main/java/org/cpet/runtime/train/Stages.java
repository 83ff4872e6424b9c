package org.cpet.runtime.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.cpet.runtime.checkpoint.Contents;
import org.cpet.runtime.checkpoint.Json;
import org.cpet.runtime.checkpoint.Progress.Best;
import org.cpet.runtime.checkpoint.RunDirectory;
import org.cpet.runtime.checkpoint.RunDirectory.Fact;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.engine.NativeMemory;
import org.cpet.runtime.memory.MemoryChoice;
import org.cpet.runtime.memory.ProcessMemory;
import org.cpet.runtime.memory.StageDemand.Teaching;
import org.cpet.runtime.recipe.HealingSection;
import org.cpet.runtime.recipe.Paradigm;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.recipe.TeacherSection;
import org.cpet.runtime.recipe.TrainingSection;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.estimate.Estimation;
import org.cpet.spi.estimate.EstimationMethod;
import org.cpet.spi.estimate.Selection;
import org.cpet.spi.event.RunEvent;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.RankedPet;
import org.cpet.spi.tensor.Ops;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Trains the stages of a run and measures its rows; what an earlier process finished is read back instead. */
public final class Stages {
    private static final String ROW = "row";
    private static final String FACTS = "facts";
    private static final String ESTIMATION = "estimation";

    private final ResolvedRecipe recipe;
    private final EngineSession session;
    private final RunDirectory directory;
    private final StageAdapters adapters;
    private final Task task;
    private final Events events;
    private final BooleanSupplier cancelled;
    private final List<ResultRow> rows = new ArrayList<>();
    private final Map<String, JsonNode> facts = new LinkedHashMap<>();
    private final Map<Paradigm, ObjectNode> trained = new LinkedHashMap<>();
    private Teaching teaching = Teaching.NONE;

    /**
     * What a task is trained and measured with.
     *
     * @param loss L_task
     * @param distillation L_DIST, when there is distillation
     * @param healing where the compressed model's own weights are trained
     */
    public record Task(
            TrainingRowsBySize rows,
            TaskLoss loss,
            Optional<DistillationLoss> distillation,
            Optional<HealingStage> healing,
            Scorer scorer) {}

    /** The training rows cut into micro-batches of a size. */
    @FunctionalInterface
    public interface TrainingRowsBySize {
        TrainingRows of(int batchSize);
    }

    /** Made for one run. */
    public Stages(
            ResolvedRecipe recipe,
            EngineSession session,
            RunDirectory directory,
            StageAdapters adapters,
            Task task,
            Events events,
            BooleanSupplier cancelled) {
        this.recipe = recipe;
        this.session = session;
        this.directory = directory;
        this.adapters = adapters;
        this.task = task;
        this.events = events;
        this.cancelled = cancelled;
    }

    /** Whether the table has this row. */
    boolean wants(Paradigm paradigm) {
        return recipe.evaluation().compare().contains(paradigm);
    }

    /** L_task. */
    Objective task() {
        return Objective.of(session.ops(), task.loss());
    }

    /** L_task + α · L_DIST, where there is distillation. */
    Objective taskAndDistillation(Optional<TaskModule> teacher) {
        return task.distillation()
                .flatMap(loss -> teacher.map(taught -> task().plus(session.ops(), loss, answers(loss, taught))))
                .orElseGet(this::task);
    }

    private TeacherAnswers answers(DistillationLoss loss, TaskModule taught) {
        int batchSize = recipe.evaluation().batch_size();
        TeacherAnswers answers = TeacherCache.of(
                session.ops(),
                taught.model(),
                task.rows().of(batchSize),
                batchSize,
                loss.needs(),
                AnswerBudget.with(directory.path()),
                notice -> events.notice(Paradigm.CPET.key(), notice));
        teaching = new Teaching(answers.bytes(), loss.needs().contains(OutputKind.LOGITS));
        return answers;
    }

    /** Trains a module, or fills it with what an earlier process trained; nothing where there is nothing to train. */
    void train(Paradigm paradigm, TaskModule module, Optional<TaskModule> teacher, Supplier<Objective> objective) {
        Optional<TrainingSection> training = training(paradigm);
        if (training.isEmpty() || (paradigm != Paradigm.TEACHER && !wants(paradigm))) {
            return;
        }
        String stage = paradigm.key();
        stopIfCancelled(stage);
        if (directory.stages().find(stage).isPresent()) {
            adapters.load(directory.stages().directory(stage), module);
            return;
        }
        Objective minimised = objective.get();
        TrainingRows batches = task.rows().of(training.get().batch_size());
        MemoryChoice memory = new StageMemories(directory, session, events)
                .decide(
                        stage,
                        training.get(),
                        module.model(),
                        module.parameters(),
                        batches,
                        teacher.map(TaskModule::model),
                        teaching);
        StagePlan plan = new StagePlan(
                stage,
                module.model(),
                module.parameters(),
                minimised,
                training.get().with(memory.chosen()),
                batches,
                () -> task.scorer().validation(module.model()),
                directory.checkpoints(stage, session, notice -> events.notice(stage, notice)));
        StagePeak peak = StagePeak.start();
        ObjectNode found;
        try (TrainingStage loop = new TrainingStage(plan, session.ops(), recipe.seed(), events, cancelled)) {
            found = facts(plan, loop.train(), loop);
            peak.report(found, held(paradigm, module, teacher));
        }
        trained.put(paradigm, found);
        module.settle();
        NativeMemory.giveBack();
        StageMemories.report(found, memory, ProcessMemory.resident());
    }

    /** Bytes of weights, modules and answers that a stage needs from its start. */
    private long held(Paradigm paradigm, TaskModule module, Optional<TaskModule> teacher) {
        boolean taught = paradigm == Paradigm.CPET && task.distillation().isPresent();
        long other = taught ? teacher.map(each -> each.model().bytes()).orElse(0L) + teaching.answerBytes() : 0;
        return module.model().bytes() + other + module.bytes();
    }

    /** Trains a fresh module with what an estimation puts beside it, and gives what that chose. */
    Selection estimate(EstimationMethod method, TaskModule module) {
        stopIfCancelled(ESTIMATION);
        Optional<JsonNode> done = directory.stages().find(ESTIMATION);
        if (done.isPresent()) {
            adapters.load(directory.stages().directory(ESTIMATION), module);
            facts.put(ESTIMATION, done.get().path(FACTS));
            return Selections.recorded(directory.path());
        }
        RankedPet pet = module.pet().map(RankedPet.class::cast).orElseThrow();
        ObjectNode found = Json.object().put("steps", method.steps());
        Selection chosen;
        try (Estimation estimation = method.start(module.model(), pet);
                TrainingStage loop = new TrainingStage(
                        estimationPlan(method, estimation, module), session.ops(), recipe.seed(), events, cancelled)) {
            StagePeak peak = StagePeak.start();
            loop.train();
            Json.put(Json.put(found, "seconds", loop.seconds()), "step_ms", loop.stepMillis());
            peak.report(found, module.model().bytes() + module.bytes());
            chosen = estimation.select();
        }
        latency(found, module); // what is pruned is compared with it
        directory.record(Fact.SELECTION, Selections.write(chosen));
        directory.stages().add(ESTIMATION, Json.object().set(FACTS, found), adapters.files(module));
        facts.put(ESTIMATION, found);
        return chosen;
    }

    private StagePlan estimationPlan(EstimationMethod method, Estimation estimation, TaskModule module) {
        List<TrainableTensor> parameters = new ArrayList<>(module.parameters());
        parameters.addAll(estimation.parameters());
        TrainingSection training = recipe.training().orElseThrow().forSteps(method.steps());
        return new StagePlan(
                ESTIMATION,
                module.model(),
                parameters,
                new EstimationObjective(session.ops(), task(), estimation),
                training,
                task.rows().of(training.batch_size()),
                () -> new Validation.Measured(Map.of(), Double.NaN, 0, 0), // the last step counts, not the best
                directory.checkpoints(ESTIMATION, session, notice -> events.notice(ESTIMATION, notice)));
    }

    /** Whether C's own weights are trained. */
    boolean heals() {
        return task.healing().isPresent();
    }

    /** Trains C's own weights on plain text; M answers without what a task taught it. */
    void heal(TransformerModel student, TransformerModel original, Optional<TaskModule> taught) {
        taught.ifPresent(TaskModule::detach);
        facts.put(HealingSection.STAGE, task.healing().orElseThrow().heal(student, original, directory));
        taught.ifPresent(TaskModule::attach);
    }

    /** What all stages compute with. */
    Ops ops() {
        return session.ops();
    }

    private void stopIfCancelled(String stage) {
        if (cancelled.getAsBoolean()) {
            throw new CpetException(
                    ExitCode.INTERRUPTED,
                    "interrupted before stage " + stage + "; the same command continues from there");
        }
    }

    private Optional<TrainingSection> training(Paradigm paradigm) {
        return paradigm == Paradigm.TEACHER ? recipe.teacher().flatMap(TeacherSection::training) : recipe.training();
    }

    /** Measures a row of the table and marks its stage as done. */
    void measure(Paradigm paradigm, TaskModule module) {
        if (!wants(paradigm) && !trained.containsKey(paradigm)) {
            return;
        }
        String stage = paradigm.key();
        stopIfCancelled(stage);
        JsonNode done = directory.stages().find(stage).orElseGet(() -> finish(paradigm, module));
        if (done.has(ROW)) {
            rows.add(ResultRow.fromJson(done.path(ROW)));
        }
        facts.put(stage, done.path(FACTS));
    }

    private JsonNode finish(Paradigm paradigm, TaskModule module) {
        ObjectNode done = Json.object();
        ObjectNode known = trained.getOrDefault(paradigm, Json.object());
        if (wants(paradigm)) {
            done.set(ROW, score(paradigm, module, known).toJson());
        }
        if (paradigm == Paradigm.CPET && teaching.answerBytes() > 0) {
            known.put("teacher_cache_bytes", teaching.answerBytes());
        }
        Map<String, Contents> files = adapters.files(module);
        if (!files.isEmpty()) {
            known.put("adapter_bytes", Contents.bytes(files.values()));
        }
        done.set(FACTS, known);
        directory.stages().add(paradigm.key(), done, files);
        return done;
    }

    private ResultRow score(Paradigm paradigm, TaskModule module, ObjectNode known) {
        String stage = paradigm.key();
        Validation.Measured found = task.scorer().test(module.model());
        task.scorer()
                .exactToDeployed(module.model())
                .ifPresent(difference -> Json.put(known, "exact_to_deployed", difference));
        events.fire(new RunEvent.EvaluationCompleted(
                stage, "test", 0, 0, found.metrics(), found.examples(), found.seconds()));
        products(known, module);
        Scorer.Timing latency = latency(known, module);
        return new ResultRow(
                paradigm,
                recipe.seed(),
                found.metrics(),
                module.size(),
                module.model().bytes(),
                latency.median());
    }

    /** Once a run: the layers of all rows are held alike. */
    private void products(ObjectNode known, TaskModule module) {
        if (facts.values().stream().noneMatch(stage -> stage.has(ProductFacts.KEY))) {
            ProductFacts.put(known, task.scorer().products(module.model()));
        }
    }

    private Scorer.Timing latency(ObjectNode known, TaskModule module) {
        Scorer.Timing latency = task.scorer().latency(module.model());
        ObjectNode calls = known.putObject("latency").put("calls", latency.calls());
        Json.put(Json.put(calls, "mean_ms", latency.mean()), "sd_ms", latency.sd());
        return latency;
    }

    private static ObjectNode facts(StagePlan plan, Optional<Best> best, TrainingStage loop) {
        ObjectNode facts = Json.object().put("steps", plan.steps());
        Json.put(Json.put(facts, "seconds", loop.seconds()), "step_ms", loop.stepMillis());
        best.ifPresent(found -> {
            Json.put(facts, "best_epoch", found.epoch());
            ObjectNode metrics = facts.putObject("validation");
            found.metrics().forEach((name, value) -> Json.put(metrics, name, value));
            Json.put(metrics, "loss", found.loss());
        });
        return facts;
    }

    /** The table so far, in the order of the paper. */
    public List<ResultRow> rows() {
        return List.copyOf(rows);
    }

    /** What else is known of each stage: steps, best epoch, the distance of exact to deployed logits. */
    public Map<String, JsonNode> facts() {
        return Collections.unmodifiableMap(facts);
    }
}
