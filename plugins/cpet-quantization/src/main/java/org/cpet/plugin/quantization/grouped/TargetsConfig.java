package org.cpet.plugin.quantization.grouped;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.cpet.spi.InputException;
import org.cpet.spi.model.TransformerModel;

/** {@code adapter_config.json} of methods whose one option are layers: a {@code peft_type} of our own and the layers. */
final class TargetsConfig {
    private static final String PEFT_TYPE = "peft_type";
    private static final String TARGETS = "target_modules";

    private TargetsConfig() {}

    static Map<String, Object> write(String type, List<String> targets, TransformerModel model) {
        Map<String, Object> config = new TreeMap<>();
        config.put(PEFT_TYPE, type);
        config.put(TARGETS, targets);
        config.put("inference_mode", true);
        config.put(
                "base_model_name_or_path",
                Optional.ofNullable(model.config().file().getParent())
                        .map(Path::getFileName)
                        .map(Path::toString));
        return config;
    }

    /** @throws InputException when the file is one of these with layers that are no list of names */
    static Optional<List<String>> read(String type, Map<String, Object> config) {
        if (!type.equals(config.get(PEFT_TYPE))) {
            return Optional.empty();
        }
        Object targets = config.get(TARGETS);
        if (targets instanceof List<?> list && !list.isEmpty() && list.stream().allMatch(String.class::isInstance)) {
            return Optional.of(list.stream().map(String.class::cast).toList());
        }
        throw new InputException(
                "'" + TARGETS + "'; found " + Objects.toString(targets) + "; allowed a list of name endings");
    }
}
