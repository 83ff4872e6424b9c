package org.cpet.runtime.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import org.cpet.runtime.engine.safetensors.TensorStore;
import org.cpet.spi.tensor.Ops;
import org.cpet.spi.tensor.OpsProvider;

/** An open engine: the operations, and the manager that owns the long-lived tensors until this is closed. */
public final class EngineSession implements OpsProvider.Session {
    private final NDManager manager;
    private final TorchModule module;
    private final Ops ops;

    private EngineSession(NDManager manager, TorchModule module) {
        this.manager = manager;
        this.module = module;
        this.ops = new TorchOps(module);
    }

    /**
     * Starts libtorch on first use, without a network.
     *
     * @param threads of one operation; 0 leaves libtorch's default. The property {@code ai.djl.pytorch.num_threads} goes
     *     first
     */
    public static EngineSession open(DeviceChoice choice, int threads) {
        Engine engine = EngineStart.engine();
        if (threads > 0 && System.getProperty("ai.djl.pytorch.num_threads") == null) {
            JniUtils.setNumThreads(threads);
        }
        GradMode.prepareThread();
        Device device = choice.resolve(engine);
        return new EngineSession(engine.newBaseManager(device), TorchModule.load(device));
    }

    @Override
    public Ops ops() {
        return ops;
    }

    @Override
    public NDManager manager() {
        return manager;
    }

    public Device device() {
        return manager.getDevice();
    }

    /** Loads tensors of checked files. */
    public TensorLoader loader(TensorStore store) {
        return new TensorLoader(store, module, manager);
    }

    @Override
    public void close() {
        manager.close();
        module.close();
    }
}
