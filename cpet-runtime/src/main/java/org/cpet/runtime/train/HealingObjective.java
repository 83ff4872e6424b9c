package org.cpet.runtime.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.cpet.spi.model.ModelOutput;

/** L = Σ α · L_DIST alone: no label is looked at. Pruned weights never see a gradient. */
record HealingObjective(Objective distances, HealedWeights weights) implements Objective {
    /** What the distances are added to where there is no task. */
    static final Objective NO_TASK =
            (student, batch, share) -> batch.tokens().inputIds().getManager().zeros(new Shape(), DataType.FLOAT32);

    @Override
    public NDArray loss(ModelOutput student, MicroBatch batch, Share share) {
        return distances.loss(student, batch, share);
    }

    @Override
    public boolean hiddenStates() {
        return distances.hiddenStates();
    }

    @Override
    public void observe(long step) {
        weights.hold();
    }
}
