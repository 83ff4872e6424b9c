package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.it.support.FixtureModels;
import org.cpet.it.support.Shared;
import org.cpet.it.support.Tensors;
import org.cpet.plugin.losses.CrossEntropyFactory;
import org.cpet.plugin.quantization.grouped.PeqaFactory;
import org.cpet.plugin.quantization.grouped.PeqaOptions;
import org.cpet.plugin.quantization.grouped.RangeSearch;
import org.cpet.plugin.quantization.grouped.RtnFactory;
import org.cpet.plugin.quantization.grouped.RtnOptions;
import org.cpet.spi.NoOptions;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Outputs, losses and gradients of the scales of packed models against the reference, on every family. */
class ScaleTuningParityTest {
    private static final FixtureModels MODELS = new FixtureModels();
    private static final String SUFFIX = ".scale_delta";
    /** The fixtures' bound is 1e-5, up to 1e-4 where float32 itself is that far from float64. */
    private static final double TOLERANCE = 1e-4;

    private final Ops ops = MODELS.ops();

    @AfterAll
    static void close() {
        MODELS.close();
    }

    @ParameterizedTest
    @CsvSource({
        "bert_cls,12",
        "roberta_cls,15",
        "llama_mha_untied,16",
        "llama_gqa_tied,12",
        "t5_v10_relu_tied,12",
        "t5_v11_gated_untied,14"
    })
    void scalesAreTunedAsTheReferenceDoes(String family, int group) {
        for (int bits : new int[] {3, 4}) {
            check(family, bits, Optional.empty(), "channel");
            check(family, bits, Optional.of(group), "group" + group);
        }
    }

    private void check(String family, int bits, Optional<Integer> group, String kind) {
        Path golden = Shared.path("fixtures/" + family + "/golden");
        Path folder = golden.resolve("compress/peqa_" + bits + "bit_" + kind);
        Map<String, Tensors.Values> outputs = Tensors.read(folder.resolve("outputs.safetensors"));
        try (TransformerModel model = MODELS.load(golden.getParent());
                Ops.Scope scope = ops.scope()) {
            new RtnFactory()
                    .create(new RtnOptions(bits, group, RangeSearch.MINMAX, List.of("all-linear"), List.of()), MODELS)
                    .compress(model, CalibrationData.NONE);
            TokenBatch batch = MODELS.batch(golden.resolve("inputs.safetensors"), model.manager());
            PetModule peqa = new PeqaFactory()
                    .create(new PeqaOptions(List.of("all-linear")), MODELS)
                    .attach(model);
            assertClose(
                    outputs.get("logits_initial_scale"),
                    model.forward(batch, ForwardMode.EXACT).requireLogits());

            peqa.load(changes(MODELS.tensors(folder.resolve("quantized.safetensors"), model.manager())));
            assertClose(
                    outputs.get("logits_tuned_scale"),
                    model.forward(batch, ForwardMode.EXACT).requireLogits());
            TaskLoss task = new CrossEntropyFactory().create(new NoOptions(), MODELS);
            NDArray loss = ops.withGradients(() -> {
                ModelOutput output = model.forward(batch, ForwardMode.EXACT);
                return task.loss(output, batch);
            });
            ops.backward(loss);

            assertThat(loss.getFloat() - outputs.get("loss_tuned_scale").values()[0])
                    .isBetween(-1e-5, 1e-5);
            Map<String, Tensors.Values> gradients = Tensors.read(folder.resolve("gradients.safetensors"));
            assertThat(gradients).hasSameSizeAs(peqa.parameters());
            peqa.parameters()
                    .forEach(parameter -> assertClose(
                            gradients.get("grad." + parameter.name().replace(SUFFIX, ".scale")),
                            ops.gradient(parameter.value())));
        }
    }

    private static Map<String, NDArray> changes(Map<String, NDArray> quantized) {
        Map<String, NDArray> changes = new LinkedHashMap<>();
        quantized.forEach((name, scale) -> {
            if (name.endsWith(".scale")) {
                changes.put(
                        name.replaceAll("\\.scale$", SUFFIX),
                        quantized.get(name + "_tuned").sub(scale));
            }
        });
        return changes;
    }

    private static void assertClose(Tensors.Values expected, NDArray found) {
        float[] values = found.toFloatArray();
        assertThat(values).hasSameSizeAs(expected.values());
        for (int i = 0; i < values.length; i++) {
            // NaN in a golden file marks a padding position
            if (!Double.isNaN(expected.values()[i])) {
                assertThat(Math.abs(values[i] - expected.values()[i])).isLessThan(TOLERANCE);
            }
        }
    }
}
