package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.function.Supplier;
import org.cpet.spi.tensor.PreparedLinear;
import org.jspecify.annotations.Nullable;

/** A layer in two forms: one for inputs of many rows, and one for a single row, made when the first such input comes. */
final class ByRows implements PreparedLinear {
    private final PreparedLinear many;
    private final Supplier<PreparedLinear> single;
    private @Nullable PreparedLinear one;

    ByRows(PreparedLinear many, Supplier<PreparedLinear> single) {
        this.many = many;
        this.single = single;
    }

    @Override
    public NDArray apply(NDArray x) {
        return isSingle(x) ? one().apply(x) : many.apply(x);
    }

    /** Whether x [.., in] has one row. */
    static boolean isSingle(NDArray x) {
        Shape shape = x.getShape();
        return x.size() == shape.get(shape.dimension() - 1);
    }

    private PreparedLinear one() {
        if (one == null) {
            one = single.get();
        }
        return one;
    }

    @Override
    public String kernel() {
        return many.kernel();
    }

    @Override
    public void close() {
        many.close();
        if (one != null) {
            one.close();
        }
    }
}
