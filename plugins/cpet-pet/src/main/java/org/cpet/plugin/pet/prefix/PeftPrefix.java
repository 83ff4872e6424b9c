package org.cpet.plugin.pet.prefix;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.cpet.plugin.pet.peft.PeftCommon;
import org.cpet.plugin.pet.peft.PeftKeys;
import org.cpet.spi.model.AttentionSpec;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TransformerModel;

/** The keys of an {@code adapter_config.json} for a prefix: PEFT's, or our own where PEFT has no such prefix. */
final class PeftPrefix {
    private static final String PEFT = "PREFIX_TUNING";
    private static final String OWN = "CPET_PREFIX";
    private static final String TOKENS = "num_virtual_tokens";
    private static final String REPARAMETERISATION = "reparameterisation";
    private static final String HIDDEN = "encoder_hidden_size";

    private PeftPrefix() {}

    /** @param plain whether there is no network any more; PEFT's files hold none */
    static Map<String, Object> write(PrefixOptions options, PrefixShape shape, TransformerModel model, boolean plain) {
        if (options.format() == PrefixFormat.CPET) {
            return own(options, model, plain);
        }
        return plain ? peft(shape, model) : Map.of();
    }

    private static Map<String, Object> own(PrefixOptions options, TransformerModel model, boolean plain) {
        Map<String, Object> config = new TreeMap<>(PeftCommon.keys(OWN, model));
        config.remove("peft_version");
        config.put(TOKENS, options.numVirtualTokens());
        config.put(REPARAMETERISATION, !plain);
        if (!plain) {
            config.put(HIDDEN, options.encoderHiddenSize().orElse(model.layout().hiddenSize()));
        }
        return config;
    }

    private static Map<String, Object> peft(PrefixShape shape, TransformerModel model) {
        AttentionSpec first = model.layout().attentions().stream()
                .filter(attention -> shape.places().containsKey(attention.name()))
                .findFirst()
                .orElseThrow();
        Map<String, Object> config = new TreeMap<>(PeftCommon.keys(PEFT, model));
        List.of("exclude_modules", "fan_in_fan_out").forEach(config::remove);
        config.put(HIDDEN, PrefixShape.width(first));
        config.put("init_weights", Optional.empty());
        config.put("num_attention_heads", first.groups());
        config.put("num_layers", shape.pairs());
        config.put("num_transformer_submodules", model.layout().task() == ModelTask.SEQ2SEQ_LM ? 2 : 1);
        config.put(TOKENS, shape.tokens());
        config.put("prefix_projection", false);
        config.put("token_dim", PrefixShape.width(first));
        return config;
    }

    /** The options a config stands for; empty when it describes another method. */
    static Optional<PrefixOptions> read(Map<String, Object> config) {
        Object type = new LinkedHashMap<>(config).get("peft_type");
        boolean own = OWN.equals(type);
        if (!own && !PEFT.equals(type)) {
            return Optional.empty();
        }
        PeftKeys keys = new PeftKeys(config);
        int tokens = keys.whole(TOKENS);
        boolean network = own && keys.flag(REPARAMETERISATION);
        Optional<Integer> hidden = network ? Optional.of(keys.whole(HIDDEN)) : Optional.empty();
        // PEFT saves what a projection makes, so its file is the same with one and without
        keys.refuseOthers(PeftCommon.harmless(
                HIDDEN,
                "init_weights",
                "num_attention_heads",
                "num_layers",
                "num_transformer_submodules",
                "prefix_projection",
                "token_dim"));
        return Optional.of(new PrefixOptions(tokens, network, hidden, own ? PrefixFormat.CPET : PrefixFormat.PEFT));
    }
}
