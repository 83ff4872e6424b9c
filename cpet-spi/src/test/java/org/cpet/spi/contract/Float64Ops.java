package org.cpet.spi.contract;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.cpet.spi.tensor.Ops;

/**
 * The same operations where a trainable leaf is float64 and a cast of a float64 tensor to float32 does nothing, so that
 * a method written for float32 masters computes in float64 on a float64 model.
 */
final class Float64Ops {
    private Float64Ops() {}

    static Ops over(Ops ops) {
        // A proxy, not a class with forty methods: an operation added to Ops passes through untouched.
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getName().equals("trainable")) {
                try (NDArray wide = ops.cast((NDArray) arguments[0], DataType.FLOAT64)) {
                    return ops.trainable(wide);
                }
            }
            if (method.getName().equals("cast") && keepsWide((NDArray) arguments[0], (DataType) arguments[1])) {
                return arguments[0];
            }
            try {
                return method.invoke(ops, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return (Ops) Proxy.newProxyInstance(Ops.class.getClassLoader(), new Class<?>[] {Ops.class}, handler);
    }

    private static boolean keepsWide(NDArray x, DataType target) {
        return x.getDataType() == DataType.FLOAT64 && target == DataType.FLOAT32;
    }
}
