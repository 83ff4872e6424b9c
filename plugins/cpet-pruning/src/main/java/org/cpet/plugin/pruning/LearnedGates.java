package org.cpet.plugin.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.CountedTokens;
import org.cpet.spi.compress.FirstRows;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.AdamWSettings;
import org.cpet.spi.tensor.Initializers;
import org.cpet.spi.tensor.Ops;

/**
 * Learns which units matter: hard-concrete gates before the layers that read them, under L_task + Σ_axis λ₁ (ŝ − t) + λ₂
 * (ŝ − t)², with ŝ = 1 − mean P(z ≠ 0) of the axis' units and t the share to remove. The logits go down that slope, the
 * prices λ up. The model's weights stay as they are.
 */
final class LearnedGates {
    private final PluginContext context;
    private final Ops ops;
    private final TransformerModel model;
    private final L0Options options;
    private final long rows;
    private final CountedTokens counted;

    /** @param rows how many calibration rows are used at most, over and over */
    LearnedGates(PluginContext context, TransformerModel model, L0Options options, long rows) {
        this.context = context;
        this.ops = context.ops();
        this.model = model;
        this.options = options;
        this.rows = rows;
        this.counted = CountedTokens.of(model);
    }

    /**
     * Gates whose mean sparsity is driven to a target.
     *
     * @param name of the axis, in messages
     * @param target t
     */
    record Axis(String name, List<UnitGate> gates, double target) {}

    /** P(z ≠ 0) of every unit after training, by the name of the layer that reads them. */
    Map<String, double[]> learn(List<Axis> axes, CalibrationData calibration) {
        TaskLoss loss = calibration.taskLoss().orElseThrow(() -> TaylorScores.unlabelled("no labels"));
        List<UnitGate> gates =
                axes.stream().flatMap(axis -> axis.gates().stream()).toList();
        gates.forEach(gate -> gate.reader().addInput(gate));
        try (NDManager owner = model.manager().newSubManager();
                Ops.Scope scope = ops.scope()) {
            Training training = new Training(owner, axes, loss);
            while (training.step < options.steps()) {
                int before = training.step;
                training.used = 0;
                calibration.forEach(training::step);
                if (training.step == before) {
                    throw TaylorScores.unlabelled("0 rows");
                }
            }
            return training.densities();
        } finally {
            gates.forEach(gate -> gate.reader().removeInput(gate));
        }
    }

    /** The state of one training. */
    private final class Training {
        private final NDManager owner;
        private final List<Axis> axes;
        private final TaskLoss loss;
        private final Map<UnitGate, NDArray> logits = new LinkedHashMap<>();
        private final Map<UnitGate, RandomGenerator> noise = new LinkedHashMap<>();
        private final List<NDArray> prices = new ArrayList<>();
        private final Moments ofLogits;
        private final Moments ofPrices;
        private long used;
        private int step;

        Training(NDManager owner, List<Axis> axes, TaskLoss loss) {
            this.owner = owner;
            this.axes = axes;
            this.loss = loss;
            for (Axis axis : axes) {
                axis.gates().forEach(this::start);
                prices.add(ops.trainable(owner.zeros(new Shape(2))));
            }
            this.ofLogits = Moments.of(ops, owner, List.copyOf(logits.values()));
            this.ofPrices = Moments.of(ops, owner, prices);
        }

        private void start(UnitGate gate) {
            RandomGenerator random =
                    context.random("structured_pruning.l0." + gate.reader().name());
            NDArray start = Initializers.normal(owner, new Shape(1, gate.units()), 0.01, random)
                    .add((float) HardConcrete.logit(options.startSparsity()));
            logits.put(gate, ops.trainable(start));
            noise.put(gate, random);
        }

        void step(TokenBatch batch) {
            long left = Math.min(rows - used, batch.inputIds().getShape().get(0));
            if (left == 0 || step == options.steps()) {
                return;
            }
            used += left;
            step++;
            try (Ops.Scope scope = ops.scope()) {
                TokenBatch read = FirstRows.of(batch, left);
                ops.backward(ops.withGradients(() -> {
                    logits.forEach((gate, logit) -> gate.open(
                            HardConcrete.sample(ops, logit, noise(gate)),
                            counted.of(gate.reader().name(), read)));
                    return loss.loss(model.forward(read, ForwardMode.EXACT), read)
                            .add(penalty());
                }));
                ofLogits.step(step, options.learningRate());
                ofPrices.step(step, options.priceLearningRate());
            }
        }

        private NDArray noise(UnitGate gate) {
            RandomGenerator random = Objects.requireNonNull(noise.get(gate));
            float[] drawn = new float[gate.units()];
            for (int unit = 0; unit < drawn.length; unit++) {
                drawn[unit] = (float) HardConcrete.noise(random.nextDouble());
            }
            return owner.create(drawn, new Shape(1, drawn.length));
        }

        /** λ·(d, d²) for the logits and minus the same for the prices, which so go up the slope. */
        private NDArray penalty() {
            NDArray sum = owner.zeros(new Shape());
            for (int i = 0; i < axes.size(); i++) {
                NDArray excess = excess(axes.get(i));
                NDArray powers = excess.reshape(1).concat(excess.square().reshape(1));
                NDArray price = prices.get(i);
                sum = sum.add(ops.detach(price).mul(powers).sum())
                        .sub(price.mul(ops.detach(powers)).sum());
            }
            return sum;
        }

        /** ŝ − t. */
        private NDArray excess(Axis axis) {
            NDArray open = owner.zeros(new Shape());
            for (UnitGate gate : axis.gates()) {
                open = open.add(HardConcrete.density(ops, Objects.requireNonNull(logits.get(gate)))
                        .sum());
            }
            int units = axis.gates().stream().mapToInt(UnitGate::units).sum();
            return ops.scale(open, -1.0 / units).add((float) (1 - axis.target()));
        }

        Map<String, double[]> densities() {
            for (Axis axis : axes) {
                double reached = ops.withoutGradients(() -> excess(axis).getFloat()) + axis.target();
                if (Math.abs(reached - axis.target()) > 0.05) {
                    context.notice(String.format(
                            Locale.ROOT,
                            "structured_pruning: gates of %s reached an expected sparsity of %.3f of %.3f after %d steps",
                            axis.name(),
                            reached,
                            axis.target(),
                            step));
                }
            }
            Map<String, double[]> densities = new LinkedHashMap<>();
            logits.forEach((gate, logit) -> densities.put(
                    gate.reader().name(),
                    ops.cast(ops.withoutGradients(() -> HardConcrete.density(ops, logit)), DataType.FLOAT64)
                            .toDoubleArray()));
            return densities;
        }
    }

    /** AdamW without decay over some leaves. */
    private record Moments(Ops ops, List<NDArray> leaves, List<NDArray> first, List<NDArray> second) {
        static Moments of(Ops ops, NDManager owner, List<NDArray> leaves) {
            return new Moments(ops, leaves, zeros(owner, leaves), zeros(owner, leaves));
        }

        void step(int step, double learningRate) {
            ops.adamW(leaves, first, second, step, AdamWSettings.of(learningRate, 0));
            leaves.forEach(ops::zeroGradient);
        }

        private static List<NDArray> zeros(NDManager owner, List<NDArray> leaves) {
            return leaves.stream().map(leaf -> owner.zeros(leaf.getShape())).toList();
        }
    }
}
