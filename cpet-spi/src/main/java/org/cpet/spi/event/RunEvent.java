package org.cpet.spi.event;

import java.util.Map;

/** What happens in a run, in order. */
public sealed interface RunEvent {
    /** The stage: {@code teacher}, {@code compressed_pet}, {@code cpet}, {@code evaluate}, ... */
    String stage();

    /** A stage begins; {@code steps} it will take, 0 when not known. */
    record StageStarted(String stage, long steps) implements RunEvent {}

    /** An optimizer step is done; loss is NaN between logging steps, where the device is not asked. */
    record StepCompleted(
            String stage,
            long step,
            long steps,
            double epoch,
            double loss,
            double learningRate,
            long tokens,
            double seconds)
            implements RunEvent {}

    /** An evaluation is done; {@code split} is {@code validation} or {@code test}. */
    record EvaluationCompleted(
            String stage,
            String split,
            double epoch,
            long step,
            Map<String, Double> metrics,
            long examples,
            double seconds)
            implements RunEvent {}

    /** A stage is over. */
    record StageFinished(String stage, double seconds) implements RunEvent {}

    /** Something that must not pass in silence. */
    record Notice(String stage, String message) implements RunEvent {}
}
