package org.cpet.plugin.pet.lora;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.cpet.plugin.pet.peft.PeftCommon;
import org.cpet.plugin.pet.peft.PeftKeys;
import org.cpet.plugin.pet.peft.PeftTargets;
import org.cpet.spi.lowrank.LowRankForm;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TargetModules;
import org.cpet.spi.model.TransformerModel;

/** The keys of PEFT's {@code adapter_config.json} for LoRA, as PEFT 0.21 writes them. */
final class PeftLora {
    private static final List<String> NULL_KEYS = List.of(
            "alora_invocation_tokens",
            "arrow_config",
            "corda_config",
            "eva_config",
            "kasa_config",
            "layer_replication",
            "layers_pattern",
            "layers_to_transform",
            "lora_ga_config",
            "megatron_config",
            "monteclora_config",
            "target_parameters",
            "trainable_token_indices",
            "use_bdlora",
            "velora_config");
    private static final List<String> FALSE_KEYS = List.of("ensure_weight_tying", "lora_bias", "use_qalora");
    private static final List<String> EMPTY_KEYS = List.of("alpha_pattern", "loftq_config", "rank_pattern");

    private PeftLora() {}

    /** All keys, in the alphabet's order as PEFT writes them. */
    static Map<String, Object> write(LoraOptions options, List<LinearSite> sites, TransformerModel model) {
        Map<String, Object> config = new TreeMap<>(PeftCommon.keys("LORA", model));
        NULL_KEYS.forEach(key -> config.put(key, Optional.empty()));
        FALSE_KEYS.forEach(key -> config.put(key, false));
        EMPTY_KEYS.forEach(key -> config.put(key, Map.of()));
        config.put("bias", "none");
        config.put("init_lora_weights", true);
        config.put("lora_alpha", LowRankForm.plain(options.loraAlpha()));
        config.put("lora_dropout", options.loraDropout());
        config.put("megatron_core", "megatron.core");
        config.put("qalora_group_size", 16);
        config.put("r", options.r());
        config.put("target_modules", targets(options, sites, model));
        config.put("use_dora", options.useDora());
        config.put("use_rslora", options.useRslora());
        return config;
    }

    /** The endings that were asked for; once some of those layers have no module any more, the others by name. */
    private static List<String> targets(LoraOptions options, List<LinearSite> sites, TransformerModel model) {
        boolean whole = new TargetModules(options.targetModules()).sites(model).size() == sites.size();
        return whole
                ? PeftTargets.endings(options.targetModules(), sites, model.linears())
                : sites.stream().map(LinearSite::name).sorted().toList();
    }

    /** The options a config stands for; empty when it describes another method. */
    static Optional<LoraOptions> read(Map<String, Object> config) {
        if (!"LORA".equals(config.get("peft_type"))) {
            return Optional.empty();
        }
        PeftKeys keys = new PeftKeys(config);
        keys.allow("bias", Set.of("none"));
        // the other starts of PEFT also change the base weights, which this directory does not hold
        keys.allow("init_lora_weights", Set.of(true, false, "gaussian", "orthogonal", "eva"));
        int r = (int) keys.number("r", 8, value -> value >= 1 && value == Math.rint(value), "a whole number from 1");
        double alpha = keys.number("lora_alpha", 8, value -> value > 0, "a number above 0");
        double dropout = keys.number("lora_dropout", 0, value -> value >= 0 && value < 1, "a number in [0, 1)");
        List<String> targets =
                keys.names("target_modules", TargetModules.ALL_LINEAR, "a list of name endings, or \"all-linear\"");
        boolean rslora = keys.flag("use_rslora");
        boolean dora = keys.flag("use_dora");
        Map<String, Object> ranks = keys.map("rank_pattern");
        Map<String, Object> alphas = keys.map("alpha_pattern");
        keys.refuseOthers(PeftCommon.harmless("megatron_core", "qalora_group_size"));
        LoraOptions options = new LoraOptions(r, alpha, dropout, rslora, dora, targets);
        RankPatterns.check(options, ranks, alphas);
        return Optional.of(options);
    }
}
