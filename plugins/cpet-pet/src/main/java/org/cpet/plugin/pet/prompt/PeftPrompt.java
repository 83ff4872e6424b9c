package org.cpet.plugin.pet.prompt;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.cpet.plugin.pet.peft.PeftCommon;
import org.cpet.plugin.pet.peft.PeftKeys;
import org.cpet.spi.model.AttentionKind;
import org.cpet.spi.model.AttentionSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TransformerModel;

/** The keys of PEFT's {@code adapter_config.json} for prompt tuning. */
final class PeftPrompt {
    private static final String TYPE = "PROMPT_TUNING";
    private static final String TOKENS = "num_virtual_tokens";

    private PeftPrompt() {}

    static Map<String, Object> write(int length, TransformerModel model) {
        ModelLayout layout = model.layout();
        boolean twoStacks = layout.task() == ModelTask.SEQ2SEQ_LM;
        AttentionSpec first = layout.attentions().get(0);
        Map<String, Object> config = new TreeMap<>(PeftCommon.keys(TYPE, model));
        List.of("exclude_modules", "fan_in_fan_out").forEach(config::remove);
        config.put("num_attention_heads", first.groups() * first.queriesPerGroup());
        config.put(
                "num_layers",
                layout.attentions().stream()
                        .filter(attention -> !twoStacks || attention.kind() == AttentionKind.ENCODER)
                        .count());
        config.put("num_transformer_submodules", twoStacks ? 2 : 1);
        config.put(TOKENS, length);
        config.put("prompt_tuning_init", "RANDOM");
        config.put("prompt_tuning_init_text", Optional.empty());
        config.put("token_dim", layout.hiddenSize());
        config.put("tokenizer_kwargs", Optional.empty());
        config.put("tokenizer_name_or_path", Optional.empty());
        return config;
    }

    /** The options a config stands for; empty when it describes another method. What it started from is history. */
    static Optional<PromptOptions> read(Map<String, Object> config) {
        if (!TYPE.equals(config.get("peft_type"))) {
            return Optional.empty();
        }
        PeftKeys keys = new PeftKeys(config);
        int tokens = keys.whole(TOKENS);
        keys.refuseOthers(PeftCommon.harmless(
                "num_attention_heads",
                "num_layers",
                "num_transformer_submodules",
                "prompt_tuning_init",
                "prompt_tuning_init_text",
                "token_dim",
                "tokenizer_kwargs",
                "tokenizer_name_or_path"));
        return Optional.of(new PromptOptions(tokens, PromptInit.VOCABULARY, Optional.empty()));
    }
}
