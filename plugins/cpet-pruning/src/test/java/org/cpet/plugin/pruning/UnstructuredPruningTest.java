package org.cpet.plugin.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.InputException;
import org.cpet.spi.OptionException;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTensor;
import org.junit.jupiter.api.Test;

class UnstructuredPruningTest {
    @Test
    void theReportCountsTheZeros() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            ModelLayout layout = model.layout();
            Compressor half = create(session, sparsity(0.3));

            CompressionReport report = half.compress(model, ToyRows.NONE);

            // floor(64 * 0.3) = 19 of the query weights are gone; its bias of eight stays
            assertThat(report.sites().get(0))
                    .isEqualTo(new CompressionReport.SiteChange(
                            "toy.layer.0.attention.query", 72, 72, 64 - 19 + 8, 288, 288));
            assertThat(report.sites()).hasSize(12);
            assertThat(model.layout().linears())
                    .isEqualTo(layout.linears())
                    .isEqualTo(half.plan(layout).linears());
        }
    }

    @Test
    void whatStaysIsUnchangedAndTheRestIsPositiveZero() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.languageModel())) {
            LinearSite site = model.linears().get(5);
            float[] before = site.op().weight().toFloatArray();

            create(session, pattern("2:4")).compress(model, ToyRows.NONE);

            float[] after = site.op().weight().toFloatArray();
            int zeros = 0;
            for (int i = 0; i < after.length; i++) {
                if (Float.floatToRawIntBits(after[i]) == 0) {
                    zeros++;
                } else {
                    assertThat(after[i]).isEqualTo(before[i]);
                }
            }
            assertThat(zeros).isEqualTo(after.length / 2);
        }
    }

    @Test
    void theOldWeightIsFreedAndTheBiasStays() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            LinearSite site = model.linears().get(0);
            NDArray weight = site.op().weight();
            NDArray bias = site.op().bias().get(0);

            create(session, pattern("2:4")).compress(model, ToyRows.NONE);

            assertThatThrownBy(weight::toFloatArray).isInstanceOf(IllegalStateException.class);
            assertThat(site.op().bias().get(0)).isSameAs(bias);
        }
    }

    @Test
    void sixteenBitWeightsStaySixteenBit() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            for (DataType type : new DataType[] {DataType.BFLOAT16, DataType.FLOAT16}) {
                LinearSite site = model.linears().get(0);
                NDArray weight = session.ops().cast(session.manager().randomNormal(new Shape(8, 8)), type);
                site.replace(DenseLinear.of(session.ops(), new ModelTensor("w", weight)));

                create(session, pattern("2:4")).compress(model, ToyRows.NONE);

                assertThat(site.op().storage()).isEqualTo(type.toString());
                assertThat(site.op().bytes()).isEqualTo(2 * 64);
                assertThat(site.op().weight().neq(0).sum().getLong()).isEqualTo(32);
            }
        }
    }

    @Test
    void aShareOfZeroChangesNothing() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            LinearSite site = model.linears().get(0);
            float[] before = site.op().weight().toFloatArray();

            create(session, sparsity(0)).compress(model, ToyRows.NONE);

            assertThat(site.op().weight().toFloatArray()).isEqualTo(before);
        }
    }

    @Test
    void int8LayersAreRefusedInThePlan() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            ModelLayout int8 = model.layout().mapLinears(linear -> linear.stored("int8", 1));

            assertThatThrownBy(() -> create(session, pattern("2:4")).plan(int8))
                    .isInstanceOf(CpetException.class)
                    .hasMessage("unstructured_pruning after int8: layer toy.layer.0.attention.query is held as int8;"
                            + " put unstructured_pruning before it, or leave one of them out")
                    .extracting(e -> ((CpetException) e).exitCode())
                    .isEqualTo(ExitCode.RECIPE);
        }
    }

    @Test
    void weightsThatAreNotFiniteAreRefused() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            model.linears().get(2).op().weight().set(new NDIndex("1, 2"), Float.NaN);

            assertThatThrownBy(() -> create(session, pattern("2:4")).compress(model, ToyRows.NONE))
                    .isInstanceOf(InputException.class)
                    .hasMessage("unstructured_pruning: weight of layer toy.layer.0.attention.value;"
                            + " found NaN or infinity; allowed finite numbers");
        }
    }

    @Test
    void exactlyOneOfSparsityAndPatternIsGiven() {
        assertThatThrownBy(() -> options(Optional.empty(), Optional.empty()))
                .isInstanceOf(OptionException.class)
                .hasMessage("exactly one of sparsity and pattern must be given, was neither");
        assertThatThrownBy(() -> options(Optional.of(0.5), Optional.of("2:4")))
                .isInstanceOf(OptionException.class)
                .hasMessage("exactly one of sparsity and pattern must be given, was both");
        assertThatThrownBy(() -> sparsity(1))
                .isInstanceOf(OptionException.class)
                .hasMessage("sparsity must be at least 0 and below 1, was 1.0");
    }

    private static Compressor create(ContractSession session, UnstructuredPruningOptions options) {
        return new UnstructuredPruningFactory().create(options, session.context(1));
    }

    private static UnstructuredPruningOptions sparsity(double share) {
        return options(Optional.of(share), Optional.empty());
    }

    private static UnstructuredPruningOptions pattern(String pattern) {
        return options(Optional.empty(), Optional.of(pattern));
    }

    private static UnstructuredPruningOptions options(Optional<Double> sparsity, Optional<String> pattern) {
        return new UnstructuredPruningOptions(
                sparsity, Optional.empty(), pattern, WeightCriterion.MAGNITUDE, 128, List.of("all-linear"), List.of());
    }
}
