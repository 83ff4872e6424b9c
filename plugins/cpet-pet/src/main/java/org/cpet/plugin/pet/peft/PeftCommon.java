package org.cpet.plugin.pet.peft;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TransformerModel;

/** The keys that every {@code adapter_config.json} has, as PEFT 0.21 writes them. */
public final class PeftCommon {
    private static final Set<String> HARMLESS = Set.of(
            "auto_mapping",
            "base_model_name_or_path",
            "inference_mode",
            "modules_to_save",
            "peft_type",
            "peft_version",
            "revision",
            "task_type");

    private PeftCommon() {}

    /** Method, model and task, in the alphabet's order; an empty Optional is null. */
    public static Map<String, Object> keys(String peftType, TransformerModel model) {
        Map<String, Object> keys = new TreeMap<>();
        keys.put("auto_mapping", Optional.empty());
        keys.put("base_model_name_or_path", directory(model.config().file()));
        keys.put("exclude_modules", Optional.empty());
        keys.put("fan_in_fan_out", false);
        keys.put("inference_mode", true);
        keys.put("modules_to_save", model.classifier().isEmpty() ? Optional.empty() : List.of("classifier", "score"));
        keys.put("peft_type", peftType);
        keys.put("peft_version", "0.21.0");
        keys.put("revision", Optional.empty());
        keys.put("task_type", taskType(model.layout().task()));
        return keys;
    }

    /** Keys that change nothing of the arithmetic: those of every method, and {@code more}. */
    public static Set<String> harmless(String... more) {
        Set<String> all = new HashSet<>(HARMLESS);
        all.addAll(List.of(more));
        return all;
    }

    private static Object directory(Path file) {
        Path parent = file.getParent();
        Path name = parent == null ? null : parent.getFileName();
        return name == null ? Optional.empty() : name.toString();
    }

    private static String taskType(ModelTask task) {
        return switch (task) {
            case SEQ_CLS -> "SEQ_CLS";
            case CAUSAL_LM -> "CAUSAL_LM";
            case SEQ2SEQ_LM -> "SEQ_2_SEQ_LM";
            case ENCODER -> "FEATURE_EXTRACTION";
        };
    }
}
