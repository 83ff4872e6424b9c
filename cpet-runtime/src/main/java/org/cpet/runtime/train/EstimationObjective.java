package org.cpet.runtime.train;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import org.cpet.spi.estimate.Estimation;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.tensor.Ops;

/** L = L_task + what an estimation adds, which sees every step's gradients. */
record EstimationObjective(Ops ops, Objective task, Estimation estimation) implements Objective {
    @Override
    public NDArray loss(ModelOutput student, MicroBatch batch, Share share) {
        NDArray penalty = ops.scale(estimation.penalty(batch.tokens()), share.labels());
        return task.loss(student, batch, share).add(penalty);
    }

    @Override
    public void observe(long step) {
        estimation.observe(step);
    }

    @Override
    public Map<String, NDArray> state() {
        return estimation.state();
    }
}
