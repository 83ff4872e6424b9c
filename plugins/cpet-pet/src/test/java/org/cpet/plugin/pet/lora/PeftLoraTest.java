package org.cpet.plugin.pet.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.InputException;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.junit.jupiter.api.Test;

class PeftLoraTest {
    private final LoraFactory factory = new LoraFactory();

    @Test
    void writesEveryKeyThatPeftWrites() {
        Map<String, Object> written = written(ToySpec.classifier(), List.of("value", "query"));

        assertThat(written.keySet())
                .containsExactly(
                        "alora_invocation_tokens",
                        "alpha_pattern",
                        "arrow_config",
                        "auto_mapping",
                        "base_model_name_or_path",
                        "bias",
                        "corda_config",
                        "ensure_weight_tying",
                        "eva_config",
                        "exclude_modules",
                        "fan_in_fan_out",
                        "inference_mode",
                        "init_lora_weights",
                        "kasa_config",
                        "layer_replication",
                        "layers_pattern",
                        "layers_to_transform",
                        "loftq_config",
                        "lora_alpha",
                        "lora_bias",
                        "lora_dropout",
                        "lora_ga_config",
                        "megatron_config",
                        "megatron_core",
                        "modules_to_save",
                        "monteclora_config",
                        "peft_type",
                        "peft_version",
                        "qalora_group_size",
                        "r",
                        "rank_pattern",
                        "revision",
                        "target_modules",
                        "target_parameters",
                        "task_type",
                        "trainable_token_indices",
                        "use_bdlora",
                        "use_dora",
                        "use_qalora",
                        "use_rslora",
                        "velora_config");
        assertThat(written)
                .containsEntry("peft_type", "LORA")
                .containsEntry("task_type", "SEQ_CLS")
                .containsEntry("base_model_name_or_path", "toy")
                .containsEntry("r", 4)
                .containsEntry("lora_alpha", 8)
                .containsEntry("lora_dropout", 0.0)
                .containsEntry("target_modules", List.of("query", "value"))
                .containsEntry("modules_to_save", List.of("classifier", "score"))
                .containsEntry("use_dora", false)
                .containsEntry("revision", Optional.empty())
                .containsEntry("rank_pattern", Map.of());
    }

    @Test
    void aLanguageModelSavesNoOtherModules() {
        assertThat(written(ToySpec.languageModel(), List.of("query")))
                .containsEntry("task_type", "CAUSAL_LM")
                .containsEntry("modules_to_save", Optional.empty());
    }

    @Test
    void allLinearIsSpeltOutBecausePeftMeansMoreByIt() {
        assertThat(written(ToySpec.classifier(), List.of("all-linear")))
                .containsEntry("target_modules", List.of("in", "key", "out", "output", "query", "value"));
    }

    @Test
    void rolesAreSpeltOutBecausePeftDoesNotKnowThem() {
        assertThat(written(ToySpec.classifier(), List.of("all-output", "all-query")))
                .containsEntry("target_modules", List.of("output", "query"));
    }

    @Test
    void readsWhatItWrote() {
        assertThat(factory.fromPeft(written(ToySpec.classifier(), List.of("query", "value"))))
                .contains(new LoraOptions(4, 8, 0, List.of("query", "value")));
    }

    @Test
    void rankStabilisationAndDoraAreReadAndWritten() {
        LoraOptions options = new LoraOptions(4, 8, 0, true, true, List.of("query"));
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            Map<String, Object> written =
                    factory.create(options, session.context(1)).attach(model).peftConfig();

            assertThat(written).containsEntry("use_dora", true).containsEntry("use_rslora", true);
            assertThat(factory.fromPeft(written)).contains(options);
        }
    }

    @Test
    void absentKeysHaveTheDefaultsOfPeft() {
        assertThat(factory.fromPeft(Map.of("peft_type", "LORA", "target_modules", List.of("q"))))
                .contains(new LoraOptions(8, 8, 0, List.of("q")));
    }

    @Test
    void modulesOfAnotherRankPassWhereTheirScaleIsTheSame() {
        Map<String, Object> config = with("rank_pattern", Map.of("q_proj", 4L));
        config.put("alpha_pattern", Map.of("q_proj", 8L));

        assertThat(factory.fromPeft(config)).isPresent();
    }

    @Test
    void unknownKeysThatAreSwitchedOffPass() {
        Map<String, Object> config = with("brand_new_config", Optional.empty());
        config.put("brand_new_flag", false);
        config.put("brand_new_list", List.of());
        config.put("brand_new_text", "");
        config.put("runtime_config", Map.of("ephemeral_gpu_offload", false));
        config.put("peft_version", "0.99.0");

        assertThat(factory.fromPeft(config)).isPresent();
    }

    @Test
    void settingsThatChangeTheArithmeticAreRefusedByName() {
        refused("fan_in_fan_out", true, "'fan_in_fan_out' is not supported; found true; allowed null, false or empty");
        refused("lora_bias", true, "'lora_bias' is not supported; found true; allowed null, false or empty");
        refused(
                "rank_pattern",
                Map.of("q_proj", 16L),
                "'rank_pattern' gives q_proj another scale; found rank 16 with alpha 16; allowed alpha 32, which keeps"
                        + " lora_alpha / r");
        refused(
                "alpha_pattern",
                Map.of("q_proj", 32L),
                "'alpha_pattern' gives q_proj another scale; found alpha 32; allowed layers of rank_pattern");
        refused(
                "layers_to_transform",
                List.of(0L, 1L),
                "'layers_to_transform' is not supported; found [0, 1]; allowed null, false or empty");
        refused(
                "exclude_modules",
                List.of("k"),
                "'exclude_modules' is not supported; found [\"k\"]; allowed null, false or empty");
        refused("brand_new_flag", true, "'brand_new_flag' is not supported; found true; allowed null, false or empty");
        refused("bias", "all", "'bias'; found \"all\"; allowed \"none\"");
        refused(
                "init_lora_weights",
                "pissa",
                "'init_lora_weights'; found \"pissa\"; allowed \"eva\", \"gaussian\", \"orthogonal\", false, true");
    }

    @Test
    void valuesOfTheWrongKindAreRefusedByName() {
        refused("r", 0L, "'r'; found 0; allowed a whole number from 1");
        refused("r", 2.5, "'r'; found 2.5; allowed a whole number from 1");
        refused("lora_alpha", "16", "'lora_alpha'; found \"16\"; allowed a number above 0");
        refused("use_dora", "yes", "'use_dora'; found \"yes\"; allowed true, false");
        refused("lora_dropout", 1.0, "'lora_dropout'; found 1.0; allowed a number in [0, 1)");
        refused(
                "target_modules",
                ".*q_proj",
                "'target_modules'; found \".*q_proj\"; allowed a list of name endings, or \"all-linear\"");
        refused(
                "target_modules",
                Optional.empty(),
                "'target_modules'; found null; allowed a list of name endings, or \"all-linear\"");
    }

    private void refused(String key, Object value, String message) {
        assertThatThrownBy(() -> factory.fromPeft(with(key, value)))
                .isInstanceOf(InputException.class)
                .hasMessage(message);
    }

    private static Map<String, Object> with(String key, Object value) {
        Map<String, Object> config = new LinkedHashMap<>(
                Map.of("peft_type", "LORA", "r", 8L, "lora_alpha", 16L, "target_modules", List.of("q_proj")));
        config.put(key, value);
        return config;
    }

    private Map<String, Object> written(ToySpec spec, List<String> targets) {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, spec)) {
            return factory.create(new LoraOptions(4, 8, 0, targets), session.context(1))
                    .attach(model)
                    .peftConfig();
        }
    }
}
