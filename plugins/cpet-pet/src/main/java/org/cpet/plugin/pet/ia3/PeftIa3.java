package org.cpet.plugin.pet.ia3;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.cpet.plugin.pet.peft.PeftCommon;
import org.cpet.plugin.pet.peft.PeftKeys;
import org.cpet.plugin.pet.peft.PeftTargets;
import org.cpet.spi.InputException;
import org.cpet.spi.OptionException;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TransformerModel;

/** The keys of PEFT's {@code adapter_config.json} for (IA)³, as PEFT 0.21 writes them. */
final class PeftIa3 {
    private static final String TARGETS = "target_modules";
    private static final String INNER = "feedforward_modules";

    private PeftIa3() {}

    static Map<String, Object> write(
            Ia3Options options, List<LinearSite> sites, Set<String> ofInput, TransformerModel model) {
        Map<String, Object> config = new TreeMap<>(PeftCommon.keys("IA3", model));
        List<LinearSite> inner =
                sites.stream().filter(site -> ofInput.contains(site.name())).toList();
        List<String> innerNames = PeftTargets.endings(options.feedforwardModules(), inner, model.linears());
        Set<String> names = new TreeSet<>(PeftTargets.endings(options.targetModules(), sites, model.linears()));
        names.addAll(innerNames); // PEFT wants these to be among the targets, letter by letter
        config.put(INNER, innerNames);
        config.put("init_ia3_weights", true);
        config.put(TARGETS, List.copyOf(names));
        return config;
    }

    /** The options a config stands for; empty when it describes another method. */
    static Optional<Ia3Options> read(Map<String, Object> config) {
        if (!"IA3".equals(config.get("peft_type"))) {
            return Optional.empty();
        }
        PeftKeys keys = new PeftKeys(config);
        keys.allow("init_ia3_weights", Set.of(true, false));
        List<String> targets = keys.names(TARGETS);
        List<String> inner = keys.names(INNER);
        keys.refuseOthers(PeftCommon.harmless());
        try {
            return Optional.of(new Ia3Options(targets, inner));
        } catch (OptionException e) {
            throw new InputException(String.valueOf(e.getMessage()), e);
        }
    }
}
