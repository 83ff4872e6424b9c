package org.cpet.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A libtorch without oneDNN computes what one with it does, whatever a profile of another machine says. */
class DenseKernelsTest {
    @Test
    void withoutOneDnnEveryProductRunsOnTheBlas() {
        try (EngineSession session = EngineSession.openPlain(DeviceChoice.parse("cpu"), 1);
                TorchModule module = TorchModule.load(session.device())) {
            Tape tape = new Tape(module, new Leaves(module));
            DenseKernels absent =
                    new DenseKernels(module, Optional.empty(), tape, () -> DenseChoice.only(DenseKernel.ONEDNN));
            NDArray x = session.manager().randomNormal(0, 1, new Shape(3, 5), DataType.FLOAT32);
            NDArray weight = session.manager().randomNormal(0, 1, new Shape(4, 5), DataType.FLOAT32);
            NDArray bias = session.manager().randomNormal(0, 1, new Shape(4), DataType.FLOAT32);

            NDArray found = absent.apply(x, weight, List.of(bias));

            assertThat(absent.possible()).containsExactly(DenseKernel.BLAS);
            assertThat(found.toFloatArray())
                    .isEqualTo(session.ops().linear(x, weight, bias).toFloatArray());
            assertThat(absent.back(found, weight, DataType.FLOAT32).toFloatArray())
                    .isEqualTo(module.call("linear_back", found, weight, TorchTypes.code(DataType.FLOAT32))
                            .toFloatArray());
            KernelProfile profile = new KernelMeasurement(
                            module,
                            absent,
                            new Int8Kernels(module, () -> session.kernels()),
                            Machine.here("cpu", 1, "x"))
                    .run(session.manager());
            assertThat(profile.dense()).isEqualTo(DenseChoice.only(DenseKernel.BLAS));
            assertThat(profile.measured())
                    .extracting(KernelProfile.Speed::kernel)
                    .contains("float32")
                    .doesNotContain("float32_onednn");
        }
    }
}
