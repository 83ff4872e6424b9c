package org.cpet.plugin.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.DataType;
import java.util.function.Function;
import org.cpet.spi.tensor.Ops;
import org.cpet.spi.tensor.QuantizedRows;

/**
 * LLM.int8(): columns j of x in which any |x_j| of the batch reaches a limit are multiplied in floating point with s ⊙ q, all
 * others as integers. Token scales are those of the rest. The gradient is that of the whole layer, (∂L/∂y)(s ⊙ q).
 *
 * @param limit the smallest outlier
 */
record OutlierColumns(Ops ops, double limit) {
    /** x with its outlier columns replaced by zeros, through {@code integers}, plus their part of the product. */
    NDArray apply(NDArray x, QuantizedRows rows, Function<NDArray, NDArray> integers) {
        NDArray outlier = ops.withoutGradients(() -> ops.tidy(() -> columns(x)));
        NDArray places = outlier.nonzero();
        if (places.getShape().get(0) == 0) {
            return integers.apply(x);
        }
        NDArray everywhere = outlier.broadcast(x.getShape());
        NDArray zeros = ops.detach(x).zerosLike();
        NDArray y = integers.apply(NDArrays.where(everywhere, zeros, x));
        return y.add(ops.dequantizedLinear(NDArrays.where(everywhere, x, zeros), rows));
    }

    /** The same for inference: only the outlier columns of the weight are dequantised and multiplied. */
    NDArray deployed(NDArray x, QuantizedRows rows, Function<NDArray, NDArray> integers) {
        NDArray outlier = columns(x);
        NDArray places = outlier.nonzero().reshape(-1);
        if (places.getShape().get(0) == 0) {
            return integers.apply(x);
        }
        NDArray flat = x.reshape(-1, outlier.size());
        NDArray rest = NDArrays.where(outlier.broadcast(flat.getShape()), flat.zerosLike(), flat);
        NDArray read = ops.embedding(places, flat.transpose()).transpose();
        NDArray codes = ops.embedding(places, rows.codes().transpose()).transpose();
        NDArray weight = ops.cast(ops.dequantize(new QuantizedRows(codes, rows.scales())), x.getDataType());
        NDArray y = integers.apply(rest.reshape(x.getShape()));
        return y.add(ops.linear(read, weight).reshape(y.getShape()));
    }

    /** Booleans [in]; padding that is not a number is none. */
    private NDArray columns(NDArray x) {
        long width = x.getShape().get(x.getShape().dimension() - 1);
        NDArray large = ops.cast(ops.detach(x), DataType.FLOAT32)
                .reshape(-1, width)
                .abs()
                .gte(limit);
        return large.toType(DataType.INT32, false).max(new int[] {0}).neq(0);
    }
}
