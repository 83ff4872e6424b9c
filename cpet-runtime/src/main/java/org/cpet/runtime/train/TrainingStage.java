package org.cpet.runtime.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.cpet.runtime.checkpoint.Progress;
import org.cpet.runtime.checkpoint.Progress.Best;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.event.RunEvent;
import org.cpet.spi.tensor.Ops;

/**
 * The training loop: for each optimizer step, accumulate gradients over micro-batches by counted labels, clip, AdamW;
 * after each epoch, evaluate on held-out rows and keep the best; at the end, put the best back. One stage at a time, on
 * one thread.
 */
public final class TrainingStage implements AutoCloseable {
    private static final int WATCHED_STEPS = 10;
    private static final int FEWEST_WATCHED_STEPS = 4; // LoRA's A has no gradient while B is zero, nor at rate 0

    private static final String GATHERED = "gathered.";

    private final Ops ops;
    private final Events events;
    private final BooleanSupplier cancelled;
    private final StagePlan plan;
    private final LearningRate learningRate;
    private final OptimizerStep optimizer;
    private final AdamW adamW;
    private final BestEpoch bestEpoch;
    private final StepReadings readings = new StepReadings();

    private Progress progress = Progress.START;
    private long startNanos;
    private long stepNanos;
    private long steps;

    public TrainingStage(StagePlan plan, Ops ops, long seed, Events events, BooleanSupplier cancelled) {
        this.plan = plan;
        this.ops = ops;
        this.events = events;
        this.cancelled = cancelled;
        this.learningRate = LearningRate.of(plan.training(), plan.steps());
        this.optimizer = new OptimizerStep(plan, ops, seed);
        this.adamW = optimizer.adamW();
        this.bestEpoch = new BestEpoch(ops, plan.parameters());
    }

    /** Trains from the newest checkpoint, or from the start, to the end; the model then holds the best epoch. */
    public Optional<Best> train() {
        events.fire(new RunEvent.StageStarted(plan.name(), plan.steps()));
        resume();
        startNanos = System.nanoTime() - (long) (progress.seconds() * 1e9);
        while (progress.step() < plan.steps()) {
            long step = progress.step() + 1;
            boolean epochEnds = step % plan.stepsPerEpoch() == 0 || step == plan.steps();
            long before = System.nanoTime();
            update(step);
            report(step, epochEnds || step % plan.training().logging_steps() == 0);
            stepNanos += System.nanoTime() - before;
            steps++;
            watchGradients(step);
            if (epochEnds) {
                evaluate(step);
            }
            stopOrSave(step, epochEnds || step % plan.training().save_steps() == 0);
        }
        bestEpoch.restore();
        events.fire(new RunEvent.StageFinished(plan.name(), seconds()));
        return bestEpoch.best();
    }

    private void update(long step) {
        double rate = learningRate.at(step - 1);
        List<List<Integer>> microBatches = microBatches(step - 1);
        readings.add(step, rate, optimizer.run(step, rate, microBatches));
        progress = new Progress(
                step,
                progress.tokens()
                        + microBatches.stream().mapToLong(plan.rows()::tokens).sum(),
                progress.seconds(),
                progress.lossSum(),
                progress.lossCount(),
                progress.best());
    }

    private List<List<Integer>> microBatches(long step) {
        long epoch = step / plan.stepsPerEpoch();
        int accumulation = plan.training().gradient_accumulation_steps();
        int first = (int) (step % plan.stepsPerEpoch()) * accumulation;
        int end = Math.min(first + accumulation, plan.rows().microBatches());
        List<List<Integer>> found = new ArrayList<>();
        for (int i = first; i < end; i++) {
            found.add(plan.rows().rows(epoch, i));
        }
        return found;
    }

    private void report(long step, boolean log) {
        double mean = Double.NaN;
        if (log) {
            settle();
            mean = progress.lossSum() / progress.lossCount();
            progress = withLosses(0, 0);
        }
        double rate = learningRate.at(step - 1);
        events.fire(new RunEvent.StepCompleted(
                plan.name(), step, plan.steps(), epoch(step), mean, rate, progress.tokens(), seconds()));
    }

    /** Brings the losses that wait on the device into the running mean; stops the run if one is not finite. */
    private void settle() {
        List<Double> losses = readings.read(plan.name());
        double sum = progress.lossSum();
        for (double loss : losses) {
            sum += loss;
        }
        progress = withLosses(sum, progress.lossCount() + losses.size());
    }

    private void watchGradients(long step) {
        long watched = Math.min(WATCHED_STEPS, plan.stepsPerEpoch());
        if (step == Math.min(Math.max(watched, FEWEST_WATCHED_STEPS), plan.steps()) && step >= FEWEST_WATCHED_STEPS) {
            List<String> untouched = adamW.untouched();
            if (!untouched.isEmpty()) {
                String rest = untouched.size() == 1 ? "" : " and " + (untouched.size() - 1) + " more";
                events.notice(
                        plan.name(),
                        "no gradient has reached " + untouched.get(0) + rest + " in the first " + step + " steps");
            }
        }
    }

    private void evaluate(long step) {
        Validation.Measured found = plan.validation().measure();
        if (found.examples() == 0) {
            return; // without rows to choose by, the last epoch stays
        }
        bestEpoch.offer(new Best(step, epoch(step), found.metrics(), found.loss()));
        Map<String, Double> shown = new LinkedHashMap<>(found.metrics());
        shown.put("loss", found.loss());
        events.fire(new RunEvent.EvaluationCompleted(
                plan.name(), "validation", epoch(step), step, shown, found.examples(), found.seconds()));
    }

    private void stopOrSave(long step, boolean due) {
        boolean stop = cancelled.getAsBoolean();
        if (!due && !stop) {
            return;
        }
        settle();
        progress = new Progress(
                step, progress.tokens(), seconds(), progress.lossSum(), progress.lossCount(), bestEpoch.best());
        Map<String, NDArray> tensors = new LinkedHashMap<>(adamW.state());
        tensors.putAll(bestEpoch.state());
        plan.objective().state().forEach((name, tensor) -> tensors.put(GATHERED + name, tensor));
        plan.checkpoints().save(progress, tensors);
        if (stop) {
            throw new CpetException(
                    ExitCode.INTERRUPTED,
                    "interrupted in stage " + plan.name() + " after step " + step + " of " + plan.steps()
                            + "; the same command continues from there");
        }
    }

    private void resume() {
        plan.checkpoints().latest().ifPresent(saved -> {
            progress = saved.progress();
            try (NDManager manager = adamW.leaves().get(0).getManager().newSubManager()) {
                Map<String, NDArray> tensors = saved.tensors(manager);
                adamW.state().forEach((name, target) -> ops.assign(target, SavedTensors.require(tensors, name)));
                plan.objective()
                        .state()
                        .forEach((name, target) -> ops.assign(target, SavedTensors.require(tensors, GATHERED + name)));
                progress.best().ifPresent(best -> bestEpoch.resume(best, tensors));
            }
        });
    }

    private Progress withLosses(double sum, int count) {
        return new Progress(progress.step(), progress.tokens(), progress.seconds(), sum, count, progress.best());
    }

    private double epoch(long step) {
        return (double) step / plan.stepsPerEpoch();
    }

    /** Time spent on the stage so far, that of earlier processes included. */
    double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    /** Milliseconds of an optimizer step of this process, without evaluations and checkpoints; NaN where it did none. */
    double stepMillis() {
        return stepNanos / 1e6 / steps;
    }

    @Override
    public void close() {
        readings.close();
        optimizer.close();
        bestEpoch.close();
    }
}
