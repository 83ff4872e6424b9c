package org.cpet.runtime.adapter;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.checkpoint.Contents;
import org.cpet.runtime.interop.KeptShapes;
import org.cpet.runtime.interop.ModelLineage;
import org.cpet.runtime.interop.PeftAdapter;
import org.cpet.spi.InputException;
import org.cpet.spi.model.ModelConfig;

/** An adapter directory with its task vectors. */
record LoadedAdapter(Path directory, Optional<ModelConfig> config, AdapterHalf pet, Optional<AdapterHalf> recovery) {
    private static final List<String> COPIED =
            List.of(PeftAdapter.CONFIG, PeftAdapter.RECOVERY_CONFIG, ModelLineage.FILE, KeptShapes.FILE);

    /** The files beside the weights, as they lie there. */
    Map<String, Contents> companions() {
        Map<String, Contents> files = new LinkedHashMap<>();
        for (String name : COPIED) {
            Path file = directory.resolve(name);
            if (Files.exists(file)) {
                byte[] bytes = bytes(file);
                files.put(name, sink -> sink.write(ByteBuffer.wrap(bytes)));
            }
        }
        return files;
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
