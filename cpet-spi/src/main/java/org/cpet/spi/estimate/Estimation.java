package org.cpet.spi.estimate;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TrainableTensor;

/** An estimation while it runs; closing it takes everything out of the model again. */
public interface Estimation extends AutoCloseable {
    /** What is trained together with the PET. */
    List<TrainableTensor> parameters();

    /** What is added to the task loss of a batch that has just been through the model: a scalar with a gradient. */
    NDArray penalty(TokenBatch batch);

    /** Looks at the gradients of the 1-based {@code step}, complete and not yet clipped. Waits for nothing. */
    void observe(long step);

    /** What was gathered so far, by name; a continued estimation overwrites these tensors in place. */
    Map<String, NDArray> state();

    /** What is worth keeping, once all steps are done. */
    Selection select();

    @Override
    void close();
}
