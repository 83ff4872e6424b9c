package org.cpet.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DenseShapeTest {
    static Stream<Arguments> products() {
        return Stream.of(
                arguments(1, 768, 2048, DenseShape.ROW),
                arguments(15, 768, 768, DenseShape.ROW),
                arguments(16, 768, 768, DenseShape.FEW),
                arguments(127, 2048, 512, DenseShape.FEW),
                arguments(128, 768, 768, DenseShape.MANY),
                arguments(1024, 512, 2048, DenseShape.MANY),
                arguments(1024, 512, 512, DenseShape.NARROW),
                arguments(1024, 1024, 1024, DenseShape.MANY),
                arguments(2048, 1536, 384, DenseShape.NARROW),
                arguments(2048, 384, 384, DenseShape.MANY),
                // the thin products of LoRA are neither
                arguments(1024, 512, 8, DenseShape.MANY));
    }

    @ParameterizedTest
    @MethodSource("products")
    void aProductHasOneKind(long rows, long in, long out, DenseShape kind) {
        assertThat(DenseShape.of(rows, in, out)).isEqualTo(kind);
    }

    /** What is measured for a kind has to be of that kind. */
    @Test
    void aSampleIsOfItsKind() {
        assertThat(Arrays.stream(DenseShape.values()).filter(shape -> shape != DenseShape.BACK))
                .allSatisfy(shape -> assertThat(DenseShape.of(shape.rows(), shape.in(), shape.out()))
                        .isEqualTo(shape));
    }

    @Test
    void eachKindIsComputedByItsOwnKernel() {
        try (EngineSession session = EngineSession.openPlain(DeviceChoice.parse("cpu"), 1);
                TorchModule module = TorchModule.load(session.device())) {
            Optional<TorchModule> oneDnn = TorchModule.loadOneDnn(session.device());
            Assumptions.assumeTrue(oneDnn.isPresent(), "SKIPPED: libtorch without oneDNN");
            Tape tape = new Tape(module, new Leaves(module));
            DenseChoice few = new DenseChoice(
                    DenseKernel.BLAS, DenseKernel.BLAS, DenseKernel.ONEDNN, DenseKernel.BLAS, DenseKernel.BLAS);
            DenseKernels kernels = new DenseKernels(module, oneDnn, tape, () -> few);
            NDArray x = session.manager().randomNormal(new Shape(130, 96));
            NDArray weight = session.manager().randomNormal(new Shape(80, 96));

            for (int rows : List.of(3, 20, 130)) {
                NDArray top = x.get("0:" + rows);
                DenseKernel expected = rows == 20 ? DenseKernel.ONEDNN : DenseKernel.BLAS;
                assertThat(kernels.product(top, weight, List.of()).toFloatArray())
                        .isEqualTo(kernels.forward(expected, top, weight, List.of())
                                .toFloatArray());
            }
            oneDnn.orElseThrow().close();
        }
    }
}
