package org.cpet.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.groups.Tuple;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.compress.CompressionReport.SiteChange;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.compress.CompressorFactory;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.tensor.Activation;
import org.cpet.spi.tensor.Initializers;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.Test;

/** What every compressor holds. */
public interface CompressorContract<O extends Record> extends ExtensionContract<CompressorFactory<O>, O> {
    /** The models the checks run on. */
    default List<ToySpec> toys() {
        return List.of(ToySpec.classifier(), ToySpec.languageModel().grouped(2));
    }

    @Test
    default void thePlanForeseesEveryShape() {
        eachToy((session, compressor, model, batch) -> {
            ModelLayout plan = compressor.plan(model.layout());
            compressor.compress(model, calibration(session, model));

            assertThat(plan.linears())
                    .as("shapes planned")
                    .extracting(LinearSpec::name, LinearSpec::out, LinearSpec::in)
                    .isEqualTo(shapes(model.layout()));
            assertThat(plan.attentions()).isEqualTo(model.layout().attentions());
            assertThat(plan.feedForwards()).isEqualTo(model.layout().feedForwards());
        });
    }

    @Test
    default void thePlanForeseesTheBytes() {
        eachToy((session, compressor, model, batch) -> {
            ModelLayout plan = compressor.plan(model.layout());
            compressor.compress(model, calibration(session, model));

            assertThat(plan.linears())
                    .as("bytes planned")
                    .extracting(LinearSpec::name, LinearSpec::storage, LinearSpec::bytes)
                    .containsExactlyElementsOf(model.layout().linears().stream()
                            .map(linear -> tuple(linear.name(), linear.storage(), linear.bytes()))
                            .toList());
        });
    }

    @Test
    default void twoIdenticalModelsBecomeTheSameBytes() {
        eachToy((session, compressor, model, batch) -> {
            compressor.compress(model, calibration(session, model));
            try (ToyTransformer second = ToyTransformer.open(session, model.spec())) {
                compressor(session).compress(second, calibration(session, second));

                assertThat(Contracts.prints(second.tensors()))
                        .as("bytes of the second model")
                        .isEqualTo(Contracts.prints(model.tensors()));
            }
        });
    }

    @Test
    default void theCompressedModelStillComputes() {
        eachToy((session, compressor, model, batch) -> {
            compressor.compress(model, calibration(session, model));

            Contracts.assertFinite(Contracts.logits(session.ops(), model, batch, ForwardMode.EXACT));
            Contracts.assertFinite(Contracts.logits(session.ops(), model, batch, ForwardMode.DEPLOYED));
        });
    }

    @Test
    default void aGradientPassesTheCompressedLayers() {
        eachToy((session, compressor, model, batch) -> {
            compressor.compress(model, calibration(session, model));
            Ops ops = session.ops();
            LinearSite first = model.linears().get(0);
            NDArray down = leaf(session, new Shape(2, first.op().in()), "down");
            NDArray up = leaf(session, new Shape(first.op().out(), 2), "up");
            first.add((x, mode) -> ops.bottleneck(x, down, up, 1, Activation.IDENTITY));

            Contracts.gradients(ops, () -> Contracts.loss(model, batch, ForwardMode.EXACT));

            assertThat(Contracts.largest(Contracts.numbers(ops.gradient(up))))
                    .as("gradient before the compressed layers")
                    .isPositive();
            Contracts.assertFinite(Contracts.numbers(ops.gradient(down)));
        });
    }

    @Test
    default void theReportSaysWhatHappened() {
        eachToy((session, compressor, model, batch) -> {
            ModelLayout before = model.layout();
            CompressionReport report = compressor.compress(model, calibration(session, model));

            assertThat(report.method()).isEqualTo(factory().name());
            Map<String, SiteChange> changes =
                    report.sites().stream().collect(Collectors.toMap(SiteChange::name, Function.identity()));
            for (LinearSite site : model.linears()) {
                LinearSpec was = before.linear(site.name());
                SiteChange change = changes.remove(site.name());
                if (change == null) {
                    assertThat(site.spec()).as("a layer not reported").isEqualTo(was);
                } else {
                    assertThat(change).isEqualTo(counted(session.ops(), was, site));
                }
            }
            assertThat(changes.values())
                    .as("reported layers that the model has not")
                    .allSatisfy(gone -> {
                        assertThat(gone.parametersAfter() + gone.nonZeroAfter() + gone.bytesAfter())
                                .isZero();
                        assertThat(gone.bytesBefore())
                                .isEqualTo(before.linear(gone.name()).bytes());
                    });
        });
    }

    @Test
    default void theReportSaysWhatWasKept() {
        eachToy((session, compressor, model, batch) -> {
            CompressionReport report = compressor.compress(model, calibration(session, model));

            for (AttentionSite attention : model.attentions()) {
                int[] kept = report.keptGroups().getOrDefault(attention.name(), range(ToySpec.GROUPS));
                assertThat(kept).as(attention.name()).isEqualTo(attention.keptGroups());
            }
            for (FeedForwardSite feedForward : model.feedForwards()) {
                int[] kept = report.keptUnits().getOrDefault(feedForward.name(), range(ToySpec.UNITS));
                assertThat(kept).as(feedForward.name()).isEqualTo(feedForward.keptUnits());
            }
        });
    }

    /** One check on one model. */
    interface Check {
        void run(ContractSession session, Compressor compressor, ToyTransformer model, TokenBatch batch);
    }

    private void eachToy(Check check) {
        for (ToySpec spec : toys()) {
            try (ContractSession session = ContractSession.open();
                    ToyTransformer model = ToyTransformer.open(session, spec)) {
                check.run(session, compressor(session), model, ToyBatch.of(session.manager(), spec, 1));
            }
        }
    }

    private Compressor compressor(ContractSession session) {
        return factory().create(options(), session.context(1));
    }

    private static ToyCalibration calibration(ContractSession session, ToyTransformer model) {
        return new ToyCalibration(session.manager(), model.spec());
    }

    private static List<Tuple> shapes(ModelLayout layout) {
        return layout.linears().stream()
                .map(linear -> tuple(linear.name(), linear.out(), linear.in()))
                .toList();
    }

    private static SiteChange counted(Ops ops, LinearSpec was, LinearSite site) {
        return Contracts.scoped(ops, () -> SiteChange.between(was, site));
    }

    private static NDArray leaf(ContractSession session, Shape shape, String name) {
        return session.ops().trainable(Initializers.normal(session.manager(), shape, 0.2, Seeded.random(1, name)));
    }

    private static int[] range(int count) {
        return IntStream.range(0, count).toArray();
    }
}
