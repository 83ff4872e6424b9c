package org.cpet.runtime.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.engine.safetensors.SafetensorsFile;
import org.cpet.runtime.model.ConfigJson;
import org.cpet.runtime.recipe.Configured;
import org.cpet.spi.InputException;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetMethodFactory;

/**
 * A PEFT adapter directory: {@code adapter_config.json} and {@code adapter_model.safetensors} with keys of {@link
 * PeftNames}; ours may hold {@code recovery.safetensors} and {@code recovery_config.json} beside them. A compressed adapter
 * has {@code adapter_packed.safetensors} and {@code recovery_packed.safetensors} instead. Opening reads headers only.
 */
public final class PeftAdapter {
    /** Metadata key of the base model's fingerprint. */
    public static final String FINGERPRINT = "cpet_base_fingerprint";

    /** What describes the PET. */
    public static final String CONFIG = "adapter_config.json";
    /** The weights of PET and classifier. */
    public static final String WEIGHTS = "adapter_model.safetensors";
    /** What describes the recovery module. */
    public static final String RECOVERY_CONFIG = "recovery_config.json";
    /** The weights of the recovery module. */
    public static final String RECOVERY_WEIGHTS = "recovery.safetensors";

    /** The weights of a compressed adapter. */
    public static final String PACKED_WEIGHTS = "adapter_packed.safetensors";

    /** The weights of a compressed recovery module. */
    public static final String PACKED_RECOVERY = "recovery_packed.safetensors";

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
        SafetensorsFile weights = weights(directory);
        if (PackedFile.is(weights)) {
            return new PeftAdapter(directory, config, weights);
        }
        for (String key : weights.tensors().keySet()) {
            if (!PeftNames.fits(key, weights.tensors().keySet())) {
                throw new InputException(directory.resolve(WEIGHTS) + ": tensor name; found " + key + "; allowed "
                        + PeftNames.allowed(weights.tensors().keySet()) + "...");
            }
        }
        return new PeftAdapter(directory, config, weights);
    }

    /** The weights file of a directory, packed or not. */
    public static SafetensorsFile weights(Path directory) {
        return PackedFile.open(directory, WEIGHTS, PACKED_WEIGHTS);
    }

    /** The recovery module's file beside it, packed or not. */
    public static SafetensorsFile recoveryWeights(Path directory) {
        return PackedFile.open(directory, RECOVERY_WEIGHTS, PACKED_RECOVERY);
    }

    /** Whether a recovery module lies in a directory. */
    public static boolean hasRecovery(Path directory) {
        return Files.exists(directory.resolve(RECOVERY_WEIGHTS)) || Files.exists(directory.resolve(PACKED_RECOVERY));
    }

    /** Where it lies. */
    public Path directory() {
        return directory;
    }

    /** {@code adapter_config.json}. */
    public ModelConfig config() {
        return config;
    }

    /** The PET's tensors, and those of a trained classifier; of a compressed adapter the packed file. */
    public SafetensorsFile weights() {
        return weights;
    }

    /** The codec that packed the weights, when they are packed. */
    public Optional<String> codec() {
        return PackedFile.codec(weights);
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
        return recoveryWeights(directory);
    }

    private static String names(List<PetMethodFactory<?>> factories) {
        return String.join(
                ", ", factories.stream().map(PetMethodFactory::name).sorted().toList());
    }
}
