package org.cpet.runtime.interop;

import ai.djl.ndarray.NDArray;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.checkpoint.Contents;
import org.cpet.runtime.checkpoint.TensorFile;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.model.ConfigJson;
import org.cpet.spi.model.TrainableModule;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.recover.RecoveryModule;

/** The files of an adapter directory; equal modules give equal bytes. */
public final class AdapterFiles {
    private AdapterFiles() {}

    /**
     * PET, head and recovery as files by name. A PET that PEFT knows nothing of has no {@code adapter_config.json}.
     *
     * @param kept what a narrowed model and its PET kept
     * @param recoveryType the recovery method's name
     * @param base fingerprint of the original model
     */
    public static Map<String, Contents> of(
            Optional<? extends PetModule> pet,
            TrainableModule head,
            Optional<? extends RecoveryModule> recovery,
            Optional<KeptShapes> kept,
            String recoveryType,
            String base) {
        Map<String, Contents> files = new LinkedHashMap<>();
        Map<String, String> metadata = Map.of("format", "pt", PeftAdapter.FINGERPRINT, base);
        Map<String, NDArray> state = new LinkedHashMap<>();
        pet.ifPresent(module -> {
            state.putAll(module.state());
            Map<String, Object> config = module.peftConfig();
            if (!config.isEmpty()) {
                files.put(PeftAdapter.CONFIG, json(config));
            }
        });
        state.putAll(head.state());
        files.put(PeftAdapter.WEIGHTS, TensorFile.of(keyed(state), metadata));
        recovery.ifPresent(module -> {
            Map<String, Object> config = new LinkedHashMap<>();
            config.put("type", recoveryType);
            config.putAll(module.config());
            files.put(PeftAdapter.RECOVERY_CONFIG, json(config));
            files.put(PeftAdapter.RECOVERY_WEIGHTS, TensorFile.of(keyed(module.state()), metadata));
        });
        kept.ifPresent(shapes -> files.put(KeptShapes.FILE, shapes.file()));
        Map<String, Object> origin = new LinkedHashMap<>();
        origin.put("format_version", 1);
        origin.put(PeftAdapter.FINGERPRINT, base);
        files.put(ModelLineage.FILE, json(origin));
        return files;
    }

    /**
     * The tensors of PET and head in a directory.
     *
     * @param model its tensors, where a compressed adapter may start
     */
    public static AdapterTensors tensors(Path directory, EngineSession session, Codecs codecs, InitialValues model) {
        return AdapterTensors.load(PeftAdapter.weights(directory), session, codecs, Optional.of(model));
    }

    /** The tensors of the recovery module beside them. */
    public static AdapterTensors recoveryTensors(Path directory, EngineSession session, Codecs codecs) {
        return AdapterTensors.load(PeftAdapter.recoveryWeights(directory), session, codecs);
    }

    private static Map<String, NDArray> keyed(Map<String, NDArray> state) {
        Map<String, NDArray> keyed = new LinkedHashMap<>();
        state.forEach((name, tensor) -> keyed.put(PeftNames.key(name, state.keySet()), tensor));
        return keyed;
    }

    private static Contents json(Map<String, Object> values) {
        return sink -> sink.write(ByteBuffer.wrap(ConfigJson.write(values)));
    }
}
