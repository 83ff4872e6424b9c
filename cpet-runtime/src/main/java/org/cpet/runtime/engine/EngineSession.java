package org.cpet.runtime.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;
import java.lang.management.MemoryUsage;
import java.util.Optional;
import org.cpet.runtime.engine.safetensors.TensorStore;
import org.cpet.spi.tensor.Ops;
import org.cpet.spi.tensor.OpsProvider;

/** An open engine: the operations, and the manager that owns the long-lived tensors until this is closed. */
public final class EngineSession implements OpsProvider.Session {
    private final NDManager manager;
    private final TorchModule module;
    private final Optional<TorchModule> oneDnn;
    private final DenseKernels dense;
    private final Int8Kernels kernels;
    private final Ops ops;

    private EngineSession(NDManager manager, TorchModule module, Optional<KernelProfile> pinned, boolean plain) {
        this.manager = manager;
        this.module = module;
        this.oneDnn = TorchModule.loadOneDnn(manager.getDevice());
        this.kernels = new Int8Kernels(module, () -> pinned.orElseGet(this::measured));
        Leaves leaves = new Leaves(module);
        Tape tape = new Tape(module, leaves);
        this.dense = new DenseKernels(
                module,
                oneDnn,
                tape,
                () -> plain
                        ? DenseChoice.only(DenseKernel.BLAS)
                        : kernels.profile().dense());
        this.ops = new TorchOps(module, dense, kernels, tape, leaves);
    }

    /** The same with kernels measured on this machine. */
    public static EngineSession open(DeviceChoice choice, int threads) {
        return open(choice, threads, Optional.empty());
    }

    /**
     * Starts libtorch on first use, without a network.
     *
     * @param threads of one operation; 0 leaves libtorch's default. The property {@code ai.djl.pytorch.num_threads} goes
     *     first
     * @param kernels fixes which kernels are used, so that runs on several machines compute the same
     */
    public static EngineSession open(DeviceChoice choice, int threads, Optional<KernelProfile> kernels) {
        Engine engine = start(threads);
        Device device = choice.resolve(engine);
        return new EngineSession(engine.newBaseManager(device), TorchModule.load(device), kernels, false);
    }

    /**
     * A session whose dense products are libtorch's own, whatever is fastest here: what other programs on libtorch compute,
     * to the last bits that rounding to eight bits can turn into steps.
     */
    public static EngineSession openPlain(DeviceChoice choice, int threads) {
        Engine engine = start(threads);
        Device device = choice.resolve(engine);
        return new EngineSession(engine.newBaseManager(device), TorchModule.load(device), Optional.empty(), true);
    }

    private static Engine start(int threads) {
        Engine engine = EngineStart.engine();
        if (threads > 0 && System.getProperty("ai.djl.pytorch.num_threads") == null) {
            JniUtils.setNumThreads(threads);
        }
        GradMode.prepareThread();
        return engine;
    }

    /** The kernels of this session: pinned, or measured once per machine and kept in the user's cache folder. */
    public KernelProfile kernels() {
        return kernels.profile();
    }

    private KernelProfile measured() {
        return KernelCache.ofUser().read(machine()).orElseGet(this::measureKernels);
    }

    /** Measures this machine's kernels now, and keeps the result for sessions to come. */
    public KernelProfile measureKernels() {
        KernelProfile profile = new KernelMeasurement(module, dense, kernels, machine()).run(manager);
        KernelCache.ofUser().write(profile);
        return profile;
    }

    private Machine machine() {
        return Machine.here(
                device().isGpu() ? "cuda:" + device().getDeviceId() : "cpu",
                JniUtils.getNumThreads(),
                manager.getEngine().getVersion());
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

    /** Bytes that the GPU has free. */
    public long freeDeviceBytes() {
        MemoryUsage usage = CudaUtils.getGpuMemory(device());
        return usage.getMax() - usage.getUsed();
    }

    /** Loads tensors of checked files. */
    public TensorLoader loader(TensorStore store) {
        return new TensorLoader(store, module, manager);
    }

    @Override
    public void close() {
        manager.close();
        module.close();
        oneDnn.ifPresent(TorchModule::close);
    }
}
