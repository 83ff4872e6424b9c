package org.cpet.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.NoSuchFileException;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.cpet.spi.CpetException;
import org.cpet.spi.tensor.Activation;
import org.cpet.spi.tensor.Ops;
import org.cpet.spi.tensor.OpsProvider;
import org.junit.jupiter.api.Test;

class EngineSessionTest {
    @Test
    void theRuntimeIsFoundAsAProviderOfOperations() {
        OpsProvider provider = ServiceLoader.load(OpsProvider.class).findFirst().orElseThrow();
        try (OpsProvider.Session session = provider.open()) {
            NDArray x = session.manager().create(new float[] {-1, 2});
            assertThat(session.ops().activation(x, Activation.RELU).toFloatArray())
                    .containsExactly(0, 2);
        }
    }

    @Test
    void startingLeavesNoSwitchesBehind() {
        String offline = System.getProperty("ai.djl.offline");
        System.clearProperty("ai.djl.offline");
        try {
            EngineSession.open(DeviceChoice.parse("auto"), 1).close();
            assertThat(System.getProperty("ai.djl.offline")).isNull();
            assertThat(System.getProperty("OPT_OUT_TRACKING")).isNull();
        } finally {
            if (offline != null) {
                System.setProperty("ai.djl.offline", offline);
            }
        }
    }

    @Test
    void gradientsAreRecordedOnlyInsideWithGradientsOnEveryThread() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (EngineSession session = EngineSession.open(DeviceChoice.parse("cpu"), 1)) {
            Ops ops = session.ops();
            Runnable check = () -> {
                NDArray leaf = ops.trainable(session.manager().ones(new Shape(2)));
                assertThat(recorded(ops, ops.detach(leaf).mul(2))).isFalse();
                assertThat(recorded(ops, ops.activation(leaf, Activation.RELU))).isFalse();
                assertThat(recorded(ops, leaf.mul(2))).isFalse();
                ops.withGradients(() -> {
                    assertThat(recorded(ops, leaf.mul(2))).isTrue();
                    assertThat(recorded(ops, ops.withoutGradients(() -> leaf.mul(2))))
                            .isFalse();
                    return assertThat(recorded(ops, leaf.mul(2))).isTrue();
                });
                assertThatThrownBy(() -> ops.withGradients(() -> {
                            throw new IllegalStateException("body");
                        }))
                        .hasMessage("body");
                assertThat(recorded(ops, leaf.mul(2))).isFalse();
            };
            check.run();
            CompletableFuture.allOf(
                            CompletableFuture.runAsync(check, threads), CompletableFuture.runAsync(check, threads))
                    .get();
        } finally {
            threads.shutdown();
        }
    }

    /** Whether a graph leads from the result to a leaf; only then can it be differentiated. */
    private static boolean recorded(Ops ops, NDArray result) {
        NDArray sum = ops.withGradients(result::sum);
        try {
            ops.backward(sum);
            return true;
        } catch (EngineException e) {
            return false;
        }
    }

    @Test
    void anOperationAfterClosingIsRefused() {
        EngineSession session = EngineSession.open(DeviceChoice.parse("cpu"), 1);
        session.close();
        session.close();
        try (NDManager other = NDManager.newBaseManager()) {
            NDArray x = other.ones(new Shape(1));
            assertThatThrownBy(() -> session.ops().detach(x))
                    .isInstanceOf(CpetException.class)
                    .hasMessage("an operation was called after its engine session was closed");
        }
    }

    @Test
    void twoSessionsDoNotDisturbEachOther() {
        AtomicReference<float[]> values = new AtomicReference<>();
        try (EngineSession outer = EngineSession.open(DeviceChoice.parse("cpu"), 1)) {
            NDArray x = outer.manager().ones(new Shape(2));
            try (EngineSession inner = EngineSession.open(DeviceChoice.parse("cpu"), 1)) {
                inner.ops().detach(inner.manager().ones(new Shape(2)));
            }
            values.set(outer.ops().activation(x, Activation.RELU).toFloatArray());
        }
        assertThat(values.get()).containsExactly(1, 1);
    }

    @Test
    void anEngineThatDoesNotStartIsExplained() {
        String allowed =
                "; allowed pytorch-jni and pytorch-native-cpu of this platform on the class path and a writable"
                        + " DJL_CACHE_DIR, or PYTORCH_LIBRARY_PATH with PYTORCH_VERSION and PYTORCH_FLAVOR";
        Throwable offline = new EngineException("Failed", new IllegalStateException("Offline mode is enabled."));
        Throwable folder = new EngineException("Failed", new NoSuchFileException("/cache"));

        assertThat(EngineStart.failure(offline))
                .hasMessage("libtorch does not start; found no native libraries, and none are downloaded" + allowed);
        assertThat(EngineStart.failure(folder))
                .hasMessage("libtorch does not start; found NoSuchFileException: /cache" + allowed);
    }

    @Test
    void devicesAreParsed() {
        assertThat(DeviceChoice.parse("cuda:3")).isEqualTo(new DeviceChoice(DeviceChoice.Kind.CUDA, 3));
        assertThat(DeviceChoice.parse("cuda")).hasToString("cuda:0");
        assertThat(DeviceChoice.parse("auto")).hasToString("auto");
        for (String bad : new String[] {"gpu", "cuda:", "cuda:01", "cuda:-1", "CPU", ""}) {
            assertThatThrownBy(() -> DeviceChoice.parse(bad))
                    .isInstanceOf(CpetException.class)
                    .hasMessage("device; found " + bad + "; allowed auto, cpu, cuda, cuda:N");
        }
    }
}
