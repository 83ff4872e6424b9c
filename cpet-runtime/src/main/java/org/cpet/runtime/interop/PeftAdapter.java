package org.cpet.runtime.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.engine.safetensors.SafetensorsFile;
import org.cpet.runtime.engine.safetensors.SafetensorsLimits;
import org.cpet.runtime.model.ConfigJson;
import org.cpet.runtime.recipe.Configured;
import org.cpet.spi.InputException;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetMethodFactory;

/**
 * A PEFT adapter directory: {@code adapter_config.json} and {@code adapter_model.safetensors} with keys of {@link
 * PeftNames}; ours may hold {@code recovery.safetensors} and {@code recovery_config.json} beside them.
 * Opening reads headers only.
 */
public final class PeftAdapter {
    /** Metadata key of the base model's fingerprint. */
    public static final String FINGERPRINT = "cpet_base_fingerprint";

    static final String CONFIG = "adapter_config.json";
    static final String WEIGHTS = "adapter_model.safetensors";
    static final String RECOVERY_CONFIG = "recovery_config.json";
    static final String RECOVERY_WEIGHTS = "recovery.safetensors";

    private final Path directory;
    private final ModelConfig config;
    private final SafetensorsFile weights;

    private PeftAdapter(Path directory, ModelConfig config, SafetensorsFile weights) {
        this.directory = directory;
        this.config = config;
        this.weights = weights;
    }

    /** Reads config and headers; a missing or broken file is an {@link InputException}. */
    public static PeftAdapter open(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new InputException(directory + ": no such adapter directory");
        }
        ModelConfig config = ConfigJson.read(directory.resolve(CONFIG));
        SafetensorsFile weights = SafetensorsFile.open(directory.resolve(WEIGHTS), SafetensorsLimits.ADAPTER);
        for (String key : weights.tensors().keySet()) {
            if (!PeftNames.fits(key, weights.tensors().keySet())) {
                throw new InputException(directory.resolve(WEIGHTS) + ": tensor name; found " + key + "; allowed "
                        + PeftNames.allowed(weights.tensors().keySet()) + "...");
            }
        }
        return new PeftAdapter(directory, config, weights);
    }

    /** Where it lies. */
    public Path directory() {
        return directory;
    }

    /** {@code adapter_config.json}. */
    public ModelConfig config() {
        return config;
    }

    /** The PET's tensors, and those of a trained classifier. */
    public SafetensorsFile weights() {
        return weights;
    }

    /** Fingerprint of the model the adapter was trained on, when the file states one. */
    public Optional<String> baseFingerprint() {
        return Optional.ofNullable(weights.metadata().get(FINGERPRINT));
    }

    /**
     * The PET method that the config stands for, with its options.
     *
     * @throws InputException when no method knows this {@code peft_type}
     */
    public Configured<PetMethod> method(List<PetMethodFactory<?>> factories) {
        for (PetMethodFactory<?> factory : factories) {
            Optional<? extends Record> options = options(factory);
            if (options.isPresent()) {
                return new Configured<>(factory, options.get());
            }
        }
        throw new InputException(config.file() + ": peft_type; found " + config.text("peft_type", "none")
                + "; allowed a type that a PET method here reads: " + names(factories));
    }

    private Optional<? extends Record> options(PetMethodFactory<?> factory) {
        try {
            return factory.fromPeft(config.values());
        } catch (InputException e) {
            throw config.problem(String.valueOf(e.getMessage()));
        }
    }

    /** The options of the recovery module beside the adapter, when there is one. */
    public Optional<Map<String, Object>> recoveryConfig() {
        Path file = directory.resolve(RECOVERY_CONFIG);
        return Files.exists(file) ? Optional.of(ConfigJson.read(file).values()) : Optional.empty();
    }

    /** The recovery module's tensors. */
    public SafetensorsFile recoveryWeights() {
        return SafetensorsFile.open(directory.resolve(RECOVERY_WEIGHTS), SafetensorsLimits.ADAPTER);
    }

    private static String names(List<PetMethodFactory<?>> factories) {
        return String.join(
                ", ", factories.stream().map(PetMethodFactory::name).sorted().toList());
    }
}
