package org.cpet.plugin.example;

import ai.djl.ndarray.NDArray;
import org.cpet.spi.model.Bypass;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.tensor.Ops;

/** The path beside one layer: Δ = b [out], the same for every token. */
record ShiftVector(Ops ops, LinearSite site, TrainableTensor shift) implements Bypass {
    /**
     * What is added to the layer's output y [.., out]. Trainable tensors stay float32 while the model may compute in 16
     * bits, so the vector is cast; ops.cast keeps the gradient, NDArray.toType would lose it in silence.
     */
    @Override
    public NDArray apply(NDArray x, ForwardMode mode) {
        return ops.cast(shift.value(), x.getDataType());
    }
}
