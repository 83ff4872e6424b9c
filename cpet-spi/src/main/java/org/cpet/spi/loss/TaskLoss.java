package org.cpet.spi.loss;

import ai.djl.ndarray.NDArray;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.TokenBatch;

/** L_task of a labelled batch, a scalar: the mean over counted positions. */
public interface TaskLoss {
    NDArray loss(ModelOutput output, TokenBatch batch);
}
