package org.cpet.plugin.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;
import java.util.function.Consumer;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.InputException;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TokenBatch;
import org.junit.jupiter.api.Test;

class Int8Test {
    private static final CalibrationData NO_ROWS = new CalibrationData() {
        @Override
        public void forEach(Consumer<TokenBatch> batches) {}

        @Override
        public long rows() {
            return 0;
        }
    };

    @Test
    void thePlanIsWhatCompressionDoes() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            Compressor int8 = compressor(session, List.of());
            ModelLayout planned = int8.plan(model.layout());

            int8.compress(model, NO_ROWS);

            assertThat(model.layout().linears()).isEqualTo(planned.linears());
        }
    }

    @Test
    void theClassifierStaysFloatUnlessIncluded() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            assertThat(compressor(session, List.of())
                            .plan(model.layout())
                            .linear("classifier")
                            .storage())
                    .isEqualTo("float32");
            assertThat(compressor(session, List.of("classifier"))
                            .plan(model.layout())
                            .linear("classifier")
                            .storage())
                    .isEqualTo("int8");
        }
    }

    @Test
    void theFloatWeightsAreFreed() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            NDArray weight = model.linears().get(0).op().weight();

            compressor(session, List.of()).compress(model, NO_ROWS);

            assertThatThrownBy(weight::toFloatArray).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void theReportCountsBytesAndZeros() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            NDArray weight = model.linears().get(0).op().weight();
            weight.muli(0).get("3:8").addi(1);

            CompressionReport report = compressor(session, List.of()).compress(model, NO_ROWS);

            // three of eight rows are zero; a bias of eight
            assertThat(report.sites().get(0))
                    .isEqualTo(new CompressionReport.SiteChange(
                            "toy.layer.0.attention.query", 72, 72, 5 * 8 + 8, 4 * 72, 64 + 4 * 8 + 4 * 8));
        }
    }

    @Test
    void aLayerIsQuantizedOnce() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            Compressor int8 = compressor(session, List.of());
            ModelLayout planned = int8.plan(model.layout());

            assertThatThrownBy(() -> int8.plan(planned))
                    .isInstanceOf(CpetException.class)
                    .hasMessage(
                            "int8 after int8: layer toy.layer.0.attention.query is held as int8; put int8 before it,"
                                    + " or leave one of them out")
                    .extracting(e -> ((CpetException) e).exitCode())
                    .isEqualTo(ExitCode.RECIPE);
        }
    }

    @Test
    void weightsThatAreNotFiniteAreRefused() {
        for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
            try (ContractSession session = ContractSession.open();
                    ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
                LinearSite value = model.linears().get(2);
                value.op().weight().set(new NDIndex("1, 2"), bad);

                assertThatThrownBy(() -> compressor(session, List.of()).compress(model, NO_ROWS))
                        .isInstanceOf(InputException.class)
                        .hasMessage("int8: weight of layer toy.layer.0.attention.value; found NaN or infinity;"
                                + " allowed finite numbers");
            }
        }
    }

    private static Compressor compressor(ContractSession session, List<String> include) {
        return new Int8Factory()
                .create(Int8Options.plain(Int8Activations.DYNAMIC, List.of("all-linear"), include), session.context(1));
    }
}
