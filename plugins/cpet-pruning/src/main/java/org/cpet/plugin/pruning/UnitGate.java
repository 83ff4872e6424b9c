package org.cpet.plugin.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.InputPath;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.tensor.Ops;

/**
 * A gate before the layer that reads some units: x'_u = z_u · x_u with x [batch, tokens, units · width] and z [1, units]
 * or [batch, units]. Closed while it has no values.
 */
final class UnitGate implements InputPath {
    private final Ops ops;
    private final LinearSite reader;
    private final int units;
    private Optional<NDArray> values = Optional.empty();
    private Optional<NDArray> real = Optional.empty();

    UnitGate(Ops ops, LinearSite reader, int units) {
        this.ops = ops;
        this.reader = reader;
        this.units = units;
    }

    LinearSite reader() {
        return reader;
    }

    int units() {
        return units;
    }

    /**
     * Sets z for the passes to come.
     *
     * @param counted booleans [batch, tokens]; other positions are padding and read as zeros, for they may hold NaN
     */
    void open(NDArray z, NDArray counted) {
        values = Optional.of(z);
        real = Optional.of(counted);
    }

    @Override
    public NDArray apply(NDArray x, ForwardMode mode) {
        Shape shape = x.getShape();
        NDArray z = values.orElseThrow();
        NDArray marks = real.orElseThrow().expandDims(2).broadcast(shape);
        NDArray read = NDArrays.where(marks, x, x.zerosLike());
        long width = shape.get(2) / units;
        NDArray gate = ops.cast(z.reshape(z.getShape().get(0), 1, units, 1), x.getDataType());
        return read.reshape(shape.get(0), shape.get(1), units, width).mul(gate).reshape(shape);
    }
}
