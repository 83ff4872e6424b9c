package org.cpet.runtime.train;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.cpet.runtime.recipe.TrainingSection;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.tensor.AdamWSettings;
import org.cpet.spi.tensor.Ops;

/** One optimizer step: θ ← AdamW(θ, clip(∇ Σ_i c_i/c · L_i)), c_i of the c things that L is a mean over in batch i. */
public final class OptimizerStep implements AutoCloseable {
    private final StagePlan plan;
    private final Ops ops;
    private final StepSeeds seeds;
    private final AdamW adamW;
    private final ForwardMode mode;

    public OptimizerStep(StagePlan plan, Ops ops, long seed) {
        this.plan = plan;
        this.ops = ops;
        this.seeds = StepSeeds.of(seed, plan.name());
        this.adamW = new AdamW(ops, plan.parameters());
        boolean lean = plan.training().memory() == TrainingSection.Memory.LOW;
        ForwardMode training = lean ? ForwardMode.TRAINING.leanly() : ForwardMode.TRAINING;
        this.mode = plan.objective().hiddenStates() ? training.withHiddenStates() : training;
    }

    /**
     * What a step leaves on the device; both outlive it.
     *
     * @param losses each micro-batch's share of the loss
     * @param norm the gradients' joint norm before clipping
     */
    public record Outcome(List<NDArray> losses, NDArray norm) {}

    /** The 1-based {@code step} on the rows of these micro-batches. Waits for nothing. */
    public Outcome run(long step, double rate, List<List<Integer>> microBatches) {
        List<Integer> all = microBatches.stream().flatMap(List::stream).toList();
        List<NDArray> losses = new ArrayList<>();
        for (int i = 0; i < microBatches.size(); i++) {
            List<Integer> rows = microBatches.get(i);
            if (plan.rows().counted(rows) > 0) { // a mean over nothing is not a number
                ops.seed(seeds.at((step - 1) * plan.training().gradient_accumulation_steps() + i));
                losses.add(backward(rows, Share.of(plan.rows(), rows, all)));
            }
        }
        plan.objective().observe(step);
        try (Ops.Scope scope = ops.scope()) {
            AdamWSettings settings = AdamWSettings.of(rate, plan.training().weight_decay());
            NDArray norm = adamW.step(step, settings, plan.training().max_grad_norm());
            return new Outcome(losses, scope.keep(norm, anchor()));
        }
    }

    /** Adds a micro-batch's share to the gradients and gives its share of the loss, on the device. */
    private NDArray backward(List<Integer> rows, Share share) {
        try (Ops.Scope scope = ops.scope()) {
            MicroBatch batch = plan.rows().collate(rows);
            NDArray loss = ops.withGradients(() ->
                    plan.objective().loss(plan.model().forward(batch.tokens(), mode), batch, share));
            ops.backward(loss);
            return scope.keep(ops.detach(loss), anchor());
        }
    }

    AdamW adamW() {
        return adamW;
    }

    /** What outlives a step belongs to the manager of the first parameter. */
    private NDArray anchor() {
        return adamW.leaves().get(0);
    }

    @Override
    public void close() {
        adamW.close();
    }
}
