package org.cpet.runtime.train;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.cpet.runtime.checkpoint.FinishedStages;
import org.cpet.runtime.checkpoint.Json;
import org.cpet.runtime.checkpoint.RunDirectory;
import org.cpet.runtime.checkpoint.StageCheckpoints;
import org.cpet.runtime.checkpoint.TensorFile;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.engine.NativeMemory;
import org.cpet.runtime.memory.MemoryChoice;
import org.cpet.runtime.memory.StageDemand.Teaching;
import org.cpet.runtime.recipe.HealingSection;
import org.cpet.runtime.recipe.TrainingSection;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Task-agnostic distillation: the dense weights of C learn to compute on plain text what M computes, min Σ α · L_DIST(M(x),
 * C(x)). Done once in a run; its weights lie in {@code stages/healing} and are read back by whoever compresses again.
 */
public final class HealingStage {
    private static final String NAME = HealingSection.STAGE;
    private static final String WEIGHTS = "healed.safetensors";
    private static final int MEASURED_BATCHES = 8;

    private final Options options;
    private final EngineSession session;
    private final Ops ops;
    private final Events events;
    private final BooleanSupplier cancelled;

    /**
     * What healing does.
     *
     * @param losses each with its α
     * @param rows what is read, cut into micro-batches of a size
     */
    public record Options(
            long seed, TrainingSection training, List<DistillationLoss> losses, Stages.TrainingRowsBySize rows) {
        public Options {
            losses = List.copyOf(losses);
        }
    }

    public HealingStage(Options options, EngineSession session, Events events, BooleanSupplier cancelled) {
        this.options = options;
        this.session = session;
        this.ops = session.ops();
        this.events = events;
        this.cancelled = cancelled;
    }

    /** Trains in a run's directory, or reads back what an earlier process trained; gives what is known of it. */
    JsonNode heal(TransformerModel student, TransformerModel original, RunDirectory directory) {
        if (cancelled.getAsBoolean()) {
            throw new CpetException(
                    ExitCode.INTERRUPTED,
                    "interrupted before stage " + NAME + "; the same command continues from there");
        }
        FinishedStages stages = directory.stages();
        Optional<JsonNode> done = stages.find(NAME);
        if (done.isPresent()) {
            load(student, directory.path());
            return done.get();
        }
        try (HealedWeights weights = HealedWeights.of(ops, student)) {
            StageMemories memories = new StageMemories(directory, session, events);
            StageCheckpoints checkpoints = directory.checkpoints(NAME, session, notice -> events.notice(NAME, notice));
            ObjectNode facts = train(
                    student,
                    original,
                    weights,
                    Optional.of(memories),
                    AnswerBudget.with(directory.path()),
                    checkpoints);
            stages.add(NAME, facts, Map.of(WEIGHTS, TensorFile.of(weights.state(), Map.of("format", "pt"))));
            return facts;
        }
    }

    /** Trains without leaving anything but the weights in the model. */
    public JsonNode heal(TransformerModel student, TransformerModel original) {
        try (HealedWeights weights = HealedWeights.of(ops, student)) {
            return train(
                    student,
                    original,
                    weights,
                    Optional.empty(),
                    AnswerBudget.ofMemory(AnswerBudget.MEMORY),
                    StageCheckpoints.NONE);
        }
    }

    /** Puts what a run trained into the model again. */
    public void load(TransformerModel student, Path run) {
        Path file = RunDirectory.stage(run, NAME).resolve(WEIGHTS);
        try (HealedWeights weights = HealedWeights.of(ops, student);
                NDManager manager = session.manager().newSubManager()) {
            weights.load(TensorFile.read(file, session, manager));
        }
    }

    private ObjectNode train(
            TransformerModel student,
            TransformerModel original,
            HealedWeights weights,
            Optional<StageMemories> memories,
            AnswerBudget budget,
            StageCheckpoints checkpoints) {
        TrainingSection training = options.training();
        TrainingRows rows = options.rows().of(training.batch_size());
        DistillationLoss loss = new JoinedLosses(options.losses());
        try (TeacherAnswers answers = TeacherCache.of(
                ops,
                original,
                rows,
                training.batch_size(),
                loss.needs(),
                budget,
                notice -> events.notice(NAME, notice))) {
            Teaching teaching = new Teaching(answers.bytes(), loss.needs().contains(OutputKind.LOGITS));
            TrainingSection decided = memories.map(choose -> choose.decide(
                            NAME, training, student, weights.parameters(), rows, Optional.of(original), teaching))
                    .map(MemoryChoice::chosen)
                    .map(training::with)
                    .orElse(training);
            Objective objective = new HealingObjective(HealingObjective.NO_TASK.plus(ops, loss, answers), weights);
            StagePlan plan = new StagePlan(
                    NAME,
                    student,
                    weights.parameters(),
                    objective,
                    decided,
                    rows,
                    () -> new Validation.Measured(Map.of(), Double.NaN, 0, 0), // the last step counts, not the best
                    checkpoints);
            ObjectNode facts = Json.object().put("steps", plan.steps());
            Json.put(facts, "loss_before", measure(plan));
            try (TrainingStage loop = new TrainingStage(plan, ops, options.seed(), events, cancelled)) {
                NativeMemory.giveBack(); // what loading and compressing have left
                loop.train();
                Json.put(facts, "seconds", loop.seconds());
            }
            return Json.put(facts, "loss_after", measure(plan));
        }
    }

    /** The mean loss of the first rows as the model is evaluated, without dropout. */
    private double measure(StagePlan plan) {
        int batches = Math.min(MEASURED_BATCHES, plan.rows().microBatches());
        ForwardMode mode = plan.objective().hiddenStates() ? ForwardMode.EXACT.withHiddenStates() : ForwardMode.EXACT;
        double sum = 0;
        for (int i = 0; i < batches; i++) {
            List<Integer> rows = plan.rows().rows(0, i);
            Ops.Scope scope = ops.scope();
            try (scope) {
                MicroBatch batch = plan.rows().collate(rows);
                sum += ops.withoutGradients(() -> plan.objective()
                                .loss(
                                        plan.model().forward(batch.tokens(), mode),
                                        batch,
                                        Share.of(plan.rows(), rows, rows)))
                        .getFloat();
            }
        }
        return sum / batches;
    }
}
