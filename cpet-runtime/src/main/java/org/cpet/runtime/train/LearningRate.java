package org.cpet.runtime.train;

import org.cpet.runtime.recipe.TrainingSection;
import org.cpet.runtime.recipe.TrainingSection.Scheduler;

/**
 * The learning rate of a step, by the step's number alone:
 *
 * <pre>
 *   lr(t) = peak · t / w                          t &lt; w = ⌈warmup_ratio · T⌉
 *   lr(t) = peak · (T − t) / (T − w)              linear
 *   lr(t) = peak · ½ (1 + cos(π (t − w)/(T − w))) cosine
 *   lr(t) = peak                                  constant
 * </pre>
 *
 * with t from 0 and T steps in all, as Hugging Face's schedulers count: the first step of a warm-up has rate 0.
 */
public record LearningRate(double peak, Scheduler scheduler, long warmup, long steps) {
    /** The schedule of a training section over {@code steps} optimizer steps. */
    public static LearningRate of(TrainingSection training, long steps) {
        long warmup = (long) Math.ceil(training.warmup_ratio() * steps);
        return new LearningRate(training.learning_rate(), training.lr_scheduler(), warmup, steps);
    }

    /** The rate of the 0-based {@code step}. */
    public double at(long step) {
        if (step < warmup) {
            return peak * step / warmup;
        }
        double left = Math.max(0, steps - step) / (double) Math.max(1, steps - warmup);
        return switch (scheduler) {
            case CONSTANT -> peak;
            case LINEAR -> peak * left;
            // StrictMath: the same bits on every machine
            case COSINE -> peak * 0.5 * (1.0 + StrictMath.cos(Math.PI * (1.0 - left)));
        };
    }
}
