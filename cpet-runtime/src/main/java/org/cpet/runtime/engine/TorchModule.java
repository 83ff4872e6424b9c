package org.cpet.runtime.engine;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.ScriptModule;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The TorchScript module {@code ops.torchscript}, called with this thread's grad mode in order. */
final class TorchModule implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(TorchModule.class);

    private final ScriptModule script;

    private TorchModule(ScriptModule script) {
        this.script = script;
    }

    /** The operations that every libtorch has. */
    static TorchModule load(Device device) {
        return load("ops.torchscript", device);
    }

    /** Those that call oneDNN directly, where this libtorch is built with it. */
    static Optional<TorchModule> loadOneDnn(Device device) {
        if (!device.getDeviceType().equals(Device.Type.CPU)) {
            return Optional.empty();
        }
        try {
            return Optional.of(load("onednn.torchscript", device));
        } catch (EngineException e) {
            LOGGER.debug("no oneDNN here: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static TorchModule load(String resource, Device device) {
        try {
            return new TorchModule(ScriptModule.load(new ByteArrayInputStream(OpArchive.bytes(resource)), device));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The result goes to the manager of {@code first}, which is also the first argument. */
    NDArray call(String method, NDArray first, Object... rest) {
        return callFor(first.getManager(), method, prepend(first, rest));
    }

    NDArray callFor(NDManager owner, String method, Object... arguments) {
        GradMode.prepareThread();
        return script.call(method, owner, arguments);
    }

    boolean ask(String method, Object... arguments) {
        GradMode.prepareThread();
        return script.ask(method, arguments);
    }

    void run(String method, Object... arguments) {
        GradMode.prepareThread();
        script.run(method, arguments);
    }

    ScriptModule.Packed pack(String method, Object... arguments) {
        GradMode.prepareThread();
        return script.pack(method, arguments);
    }

    private static Object[] prepend(NDArray first, Object[] rest) {
        Object[] all = new Object[rest.length + 1];
        all[0] = first;
        System.arraycopy(rest, 0, all, 1, rest.length);
        return all;
    }

    @Override
    public void close() {
        script.close();
    }
}
