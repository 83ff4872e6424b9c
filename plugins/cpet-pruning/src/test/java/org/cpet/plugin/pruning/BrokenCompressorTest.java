package org.cpet.plugin.pruning;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cpet.spi.NoOptions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.compress.CompressionReport.SiteChange;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.compress.CompressorFactory;
import org.cpet.spi.contract.CompressorContract;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TransformerModel;
import org.junit.jupiter.api.Test;

/** Compressors that are wrong on purpose, and the check that notices each. */
class BrokenCompressorTest {
    @Test
    void theSoundOnePasses() {
        Contract sound = new Contract(new Scaling());

        assertThatCode(() -> {
                    sound.thePlanForeseesEveryShape();
                    sound.thePlanForeseesTheBytes();
                    sound.twoIdenticalModelsBecomeTheSameBytes();
                    sound.theCompressedModelStillComputes();
                    sound.aGradientPassesTheCompressedLayers();
                    sound.theReportSaysWhatHappened();
                    sound.theReportSaysWhatWasKept();
                })
                .doesNotThrowAnyException();
    }

    @Test
    void noticesAPlanOfOtherShapesAndBytes() {
        Scaling broken = new Scaling() {
            @Override
            public ModelLayout plan(ModelLayout layout) {
                return layout.mapLinears(linear -> linear.resized(linear.out() / 2, linear.in()));
            }
        };

        fails(new Contract(broken)::thePlanForeseesEveryShape, "shapes planned");
        fails(new Contract(broken)::thePlanForeseesTheBytes, "bytes planned");
    }

    @Test
    void noticesChanceThatNoSeedControls() {
        AtomicInteger calls = new AtomicInteger();
        Scaling broken = new Scaling() {
            @Override
            NDArray change(NDArray weight) {
                return weight.mul(calls.incrementAndGet());
            }
        };

        fails(new Contract(broken)::twoIdenticalModelsBecomeTheSameBytes, "bytes of the second model");
    }

    @Test
    void noticesAModelThatNoLongerComputes() {
        Scaling broken = new Scaling() {
            @Override
            NDArray change(NDArray weight) {
                return weight.mul(Double.NaN);
            }
        };

        fails(new Contract(broken)::theCompressedModelStillComputes, "finite");
    }

    @Test
    void noticesLayersThatStopTheGradient() {
        Scaling broken = new Scaling() {
            @Override
            NDArray change(NDArray weight) {
                return weight.mul(0);
            }
        };

        fails(new Contract(broken)::aGradientPassesTheCompressedLayers, "gradient before the compressed layers");
    }

    @Test
    void noticesAReportThatMiscounts() {
        Scaling broken = new Scaling() {
            @Override
            SiteChange reported(SiteChange change) {
                return new SiteChange(
                        change.name(),
                        change.parametersBefore(),
                        change.parametersAfter(),
                        change.nonZeroAfter() / 2,
                        change.bytesBefore(),
                        change.bytesAfter());
            }
        };

        fails(new Contract(broken)::theReportSaysWhatHappened, "nonZeroAfter");
    }

    @Test
    void noticesHeadsThatWentUnreported() {
        Scaling broken = new Scaling() {
            @Override
            public CompressionReport compress(TransformerModel model, CalibrationData calibration) {
                model.attentions().forEach((AttentionSite attention) -> attention.keepGroups(new int[] {1}));
                return CompressionReport.of("scaling", List.of());
            }
        };

        fails(new Contract(broken)::theReportSaysWhatWasKept, "toy.layer.0.attention");
        fails(new Contract(broken)::theReportSaysWhatHappened, "a layer not reported");
    }

    private static void fails(ThrowingCallable check, String words) {
        assertThatThrownBy(check).isInstanceOf(AssertionError.class).hasMessageContaining(words);
    }

    /** Halves every weight of the blocks, which saves nothing but is a change. */
    private static class Scaling implements Compressor {
        @Override
        public ModelLayout plan(ModelLayout layout) {
            return layout;
        }

        NDArray change(NDArray weight) {
            return weight.mul(0.5);
        }

        SiteChange reported(SiteChange change) {
            return change;
        }

        @Override
        public CompressionReport compress(TransformerModel model, CalibrationData calibration) {
            List<SiteChange> changes = new ArrayList<>();
            for (LinearSite site : model.linears()) {
                if (site.role().inBlock() && site.op() instanceof DenseLinear dense) {
                    LinearSpec before = site.spec();
                    site.replace(dense.withWeight(change(dense.weight())));
                    changes.add(reported(SiteChange.between(before, site)));
                }
            }
            return CompressionReport.of("scaling", changes);
        }
    }

    private record Contract(Compressor compressor) implements CompressorContract<NoOptions> {
        @Override
        public CompressorFactory<NoOptions> factory() {
            return new Factory(compressor);
        }

        @Override
        public List<ToySpec> toys() {
            return List.of(ToySpec.classifier());
        }
    }

    private record Factory(Compressor compressor) implements CompressorFactory<NoOptions> {
        @Override
        public String name() {
            return "scaling";
        }

        @Override
        public String description() {
            return "halves every weight";
        }

        @Override
        public Class<NoOptions> optionsType() {
            return NoOptions.class;
        }

        @Override
        public Compressor create(NoOptions options, PluginContext context) {
            return compressor;
        }
    }
}
