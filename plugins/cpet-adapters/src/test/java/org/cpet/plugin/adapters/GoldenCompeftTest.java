package org.cpet.plugin.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.plugin.adapters.compeft.CompeftFactory;
import org.cpet.plugin.adapters.compeft.CompeftOptions;
import org.cpet.plugin.adapters.compeft.TernaryAdapter;
import org.cpet.plugin.adapters.merging.TaskArithmeticFactory;
import org.cpet.plugin.adapters.merging.TaskArithmeticOptions;
import org.cpet.plugin.adapters.merging.TiesFactory;
import org.cpet.plugin.adapters.merging.TiesOptions;
import org.cpet.plugin.adapters.ternary.BitWriter;
import org.cpet.plugin.adapters.ternary.GolombCode;
import org.cpet.plugin.adapters.ternary.TernaryMask;
import org.cpet.spi.adapter.AdapterTensor;
import org.cpet.spi.adapter.AdapterVector;
import org.cpet.spi.adapter.TaskVector;
import org.cpet.spi.contract.PlainContext;
import org.cpet.spi.fixture.FixtureTensors;
import org.cpet.spi.fixture.Fixtures;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Masks, streams, values and merges of the reference, for adapters of six models. */
class GoldenCompeftTest {
    private static final List<Integer> PERCENTS = List.of(5, 10, 20, 50);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert_cls",
                "roberta_cls",
                "llama_mha_untied",
                "llama_gqa_tied",
                "t5_v10_relu_tied",
                "t5_v11_gated_untied"
            })
    void masksStreamsAndValues(String model) {
        for (String adapter : List.of("lora", "lora2")) {
            for (int percent : PERCENTS) {
                FixtureTensors golden = FixtureTensors.of(model + "/golden/compeft/k" + percent + ".safetensors");
                TernaryAdapter packed = pack(model, adapter, percent, 1);
                TernaryMask mask = packed.parts().get(0).mask();

                assertThat(mask.positiveBytes()).isEqualTo(golden.bytes(adapter + ".P"));
                assertThat(mask.negativeBytes()).isEqualTo(golden.bytes(adapter + ".N"));
                assertThat(stream(mask, percent / 100.0)).isEqualTo(golden.bytes(adapter + ".golomb_stream"));
                byte[] signs = golden.bytes(adapter + ".sign");
                assertThat(mask.length()).isEqualTo(signs.length);
                if (adapter.equals("lora")) {
                    for (int alpha : List.of(1, 4)) {
                        assertValues(
                                pack(model, adapter, percent, alpha), golden, "reconstructed.alpha_" + alpha + ".");
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert_cls",
                "roberta_cls",
                "llama_mha_untied",
                "llama_gqa_tied",
                "t5_v10_relu_tied",
                "t5_v11_gated_untied"
            })
    void merges(String model) {
        FixtureTensors golden = FixtureTensors.of(model + "/golden/compeft/merges.safetensors");
        for (int percent : List.of(20, 50)) {
            List<TernaryAdapter> experts = List.of(pack(model, "lora", percent, 1), pack(model, "lora2", percent, 1));
            AdapterVector ties = new TiesFactory()
                    .create(new TiesOptions(1, 1), new PlainContext(1))
                    .merge(experts, candidate -> 0);
            AdapterVector sum = new TaskArithmeticFactory()
                    .create(new TaskArithmeticOptions(0.5), new PlainContext(1))
                    .merge(experts, candidate -> 0);

            assertValues(ties, golden, "ties.k" + percent + ".lambda_1.");
            assertValues(sum, golden, "task_arithmetic.k" + percent + ".lambda_0.5.");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert_cls",
                "roberta_cls",
                "llama_mha_untied",
                "llama_gqa_tied",
                "t5_v10_relu_tied",
                "t5_v11_gated_untied"
            })
    void productsAndSizes(String model) {
        JsonNode golden =
                JsonMapper.shared().readTree(Fixtures.require("fixtures/" + model + "/golden/compeft/compeft.json"));
        for (int percent : PERCENTS) {
            TernaryAdapter packed = pack(model, "lora", percent, 1);
            Map<String, Double> found = packed.compare(pack(model, "lora2", percent, 1));
            JsonNode pair = golden.path("pair").path(Integer.toString(percent));
            JsonNode size = golden.path("sets").path("lora@" + percent);

            assertThat(found.get("sign_dot")).isEqualTo(pair.path("sign_dot").asDouble());
            assertThat(found.get("sign_l1")).isEqualTo(pair.path("sign_l1").asDouble());
            // scales are float32
            assertThat(found.get("dot")).isCloseTo(pair.path("dot").asDouble(), within(1e-5));
            assertThat(found.get("squared_distance"))
                    .isCloseTo(pair.path("squared_distance").asDouble(), withinPercentage(1e-4));
            assertThat(packed.facts().get("kept")).isEqualTo(size.path("kept").asLong());
            assertThat(packed.parts().get(0).sigma())
                    .isCloseTo(size.path("sigma").asDouble(), withinPercentage(1e-4));
            assertThat(packed.saved().value("bits"))
                    .isEqualTo(size.path("golomb_bits").asString());
            double formula = size.path("golomb_formula_bits_per_param").asDouble();
            assertThat(GolombCode.of(percent / 100.0).expectedBits(percent / 100.0))
                    .isCloseTo(formula, within(1e-12));
            // a thousand entries: the share of runs still varies; GolombCodeTest holds a million to 2 %
            assertThat(size.path("golomb_bits").asDouble() / packed.size()).isCloseTo(formula, withinPercentage(4));
        }
    }

    private static void assertValues(AdapterVector found, FixtureTensors golden, String prefix) {
        TaskVector values = found.unpack();
        for (int i = 0; i < values.tensors().size(); i++) {
            // scales agree to 1e-6 of values below 2
            assertThat(values.values().get(i))
                    .as(values.tensors().get(i).name())
                    .containsExactly(
                            golden.floats(prefix + values.tensors().get(i).name()), within(2e-6f));
        }
    }

    private static byte[] stream(TernaryMask mask, double share) {
        GolombCode code = GolombCode.of(share);
        BitWriter writer = new BitWriter(code.bits(mask));
        code.write(mask, writer);
        return writer.bytes();
    }

    private static TernaryAdapter pack(String model, String adapter, int percent, double alpha) {
        FixtureTensors file = FixtureTensors.of(model + "/golden/" + adapter + "/adapter_model.safetensors");
        Map<AdapterTensor, float[]> tensors = new LinkedHashMap<>();
        for (String name : file.names()) {
            if (name.contains(".lora_")) {
                tensors.put(new AdapterTensor(name, file.shapeOf(name)), file.floats(name));
            }
        }
        return (TernaryAdapter) new CompeftFactory()
                .create(new CompeftOptions(percent / 100.0, alpha, false), new PlainContext(1))
                .pack(TaskVector.of(tensors));
    }
}
