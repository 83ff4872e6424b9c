package org.cpet.plugin.quantization.grouped;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.cpet.spi.InputException;
import org.cpet.spi.model.TransformerModel;

/** {@code adapter_config.json} of trained scales: {@code peft_type} {@code CPET_PEQA} and the layers. */
final class PeqaConfig {
    private static final String TYPE = "CPET_PEQA";
    private static final String PEFT_TYPE = "peft_type";
    private static final String TARGETS = "target_modules";

    private PeqaConfig() {}

    static Map<String, Object> write(PeqaOptions options, TransformerModel model) {
        Map<String, Object> config = new TreeMap<>();
        config.put(PEFT_TYPE, TYPE);
        config.put(TARGETS, options.targetModules());
        config.put("inference_mode", true);
        config.put(
                "base_model_name_or_path",
                Optional.ofNullable(model.config().file().getParent())
                        .map(Path::getFileName)
                        .map(Path::toString));
        return config;
    }

    /** @throws InputException when the file is one of these with layers that are no list of names */
    static Optional<PeqaOptions> read(Map<String, Object> config) {
        if (!TYPE.equals(config.get(PEFT_TYPE))) {
            return Optional.empty();
        }
        Object targets = config.get(TARGETS);
        if (targets instanceof List<?> list && !list.isEmpty() && list.stream().allMatch(String.class::isInstance)) {
            return Optional.of(
                    new PeqaOptions(list.stream().map(String.class::cast).toList()));
        }
        throw new InputException(
                "'" + TARGETS + "'; found " + Objects.toString(targets) + "; allowed a list of name endings");
    }
}
