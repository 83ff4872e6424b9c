package ai.djl.pytorch.jni;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.jspecify.annotations.NullMarked;

/**
 * A loaded TorchScript module whose methods record gradients. It lives in DJL's package because only there a call can
 * leave inference mode; {@code IValueUtils.runMethod}, the public way, never does.
 *
 * <p>Arguments may be {@link NDArray}, {@link Long}, {@link Double}, {@link Boolean}, {@link String}, {@code List<NDArray>},
 * {@code long[]} and {@link Packed}.
 */
@NullMarked
public final class ScriptModule implements AutoCloseable {
    private static final PyTorchLibrary LIB = PyTorchLibrary.LIB;

    private final AtomicLong handle;

    private ScriptModule(long handle) {
        this.handle = new AtomicLong(handle);
    }

    /** Loads an archive as {@code torch.jit.save} writes it. */
    public static ScriptModule load(InputStream archive, Device device) throws IOException {
        return new ScriptModule(JniUtils.loadModuleHandle(archive, device, false, false));
    }

    /** Calls a method that gives one tensor, which goes to {@code owner}. */
    public NDArray call(String method, NDManager owner, Object... arguments) {
        long result = invoke(method, arguments);
        try {
            return new PtNDArray((PtNDManager) owner, LIB.iValueToTensor(result));
        } finally {
            LIB.torchDeleteIValue(result);
        }
    }

    /** Calls a method that answers yes or no. */
    public boolean ask(String method, Object... arguments) {
        long result = invoke(method, arguments);
        try {
            return LIB.iValueToBool(result);
        } finally {
            LIB.torchDeleteIValue(result);
        }
    }

    /** Calls a method for its effect on its arguments. */
    public void run(String method, Object... arguments) {
        LIB.torchDeleteIValue(invoke(method, arguments));
    }

    /** Calls a method that gives an object of the engine, such as packed weights. */
    public Packed pack(String method, Object... arguments) {
        return new Packed(invoke(method, arguments));
    }

    private long invoke(String method, Object... arguments) {
        long[] values = new long[arguments.length];
        int made = 0;
        try {
            for (Object argument : arguments) {
                values[made] = value(argument);
                made++;
            }
            return LIB.moduleRunMethod(open(handle), method, values, true, false);
        } finally {
            for (int i = 0; i < made; i++) {
                if (!(arguments[i] instanceof Packed)) {
                    LIB.torchDeleteIValue(values[i]);
                }
            }
        }
    }

    private static long value(Object argument) {
        if (argument instanceof NDArray array) {
            return LIB.iValueFromTensor(handleOf(array));
        } else if (argument instanceof Long number) {
            return LIB.iValueFromLong(number);
        } else if (argument instanceof Double number) {
            return LIB.iValueFromDouble(number);
        } else if (argument instanceof String text) {
            return LIB.iValueFromString(text);
        } else if (argument instanceof Boolean flag) {
            return LIB.iValueFromBool(flag);
        } else if (argument instanceof long[] numbers) {
            return LIB.iValueFromLongList(numbers);
        } else if (argument instanceof List<?> arrays) {
            return LIB.iValueFromTensorList(arrays.stream()
                    .mapToLong(array -> handleOf((NDArray) array))
                    .toArray());
        } else if (argument instanceof Packed packed) {
            return open(packed.handle);
        }
        throw new CpetException(ExitCode.BUG, "no TorchScript value for " + argument.getClass());
    }

    /** libtorch would follow a null pointer. */
    private static long open(AtomicLong handle) {
        long value = handle.get();
        if (value == 0) {
            throw new CpetException(ExitCode.BUG, "an operation was called after its engine session was closed");
        }
        return value;
    }

    private static long handleOf(NDArray array) {
        return ((PtNDArray) array).getHandle();
    }

    @Override
    public void close() {
        long open = handle.getAndSet(0);
        if (open != 0) {
            JniUtils.deleteModule(open);
        }
    }

    /** An object of the engine; closing it frees its memory. */
    public static final class Packed implements AutoCloseable {
        private final AtomicLong handle;

        private Packed(long handle) {
            this.handle = new AtomicLong(handle);
        }

        @Override
        public void close() {
            long open = handle.getAndSet(0);
            if (open != 0) {
                LIB.torchDeleteIValue(open);
            }
        }
    }
}
