package org.cpet.runtime.adapter;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.engine.safetensors.SafetensorsDirectory;
import org.cpet.runtime.engine.safetensors.SafetensorsFile;
import org.cpet.runtime.engine.safetensors.TensorEntry;
import org.cpet.runtime.interop.InitialValues;
import org.cpet.runtime.interop.PackedFile;
import org.cpet.runtime.interop.PeftAdapter;
import org.cpet.spi.InputException;

/** The directory that {@code --initial} names: a dense adapter, or a model whose tensors have the names of the adapter's. */
final class StartingPoint {
    private StartingPoint() {}

    static InitialValues of(Path directory) {
        Map<String, TensorEntry> entries = new LinkedHashMap<>();
        if (Files.exists(directory.resolve(PeftAdapter.WEIGHTS))) {
            entries.putAll(PeftAdapter.weights(directory).tensors());
            if (PeftAdapter.hasRecovery(directory)) {
                SafetensorsFile recovery = PeftAdapter.recoveryWeights(directory);
                if (PackedFile.is(recovery)) {
                    throw packed(directory);
                }
                entries.putAll(recovery.tensors());
            }
        } else if (Files.exists(directory.resolve(PeftAdapter.PACKED_WEIGHTS))) {
            throw packed(directory);
        } else {
            return InitialValues.ofModel(SafetensorsDirectory.open(directory));
        }
        return InitialValues.stored(key -> Optional.ofNullable(entries.get(key)), directory.toString());
    }

    private static InputException packed(Path directory) {
        return new InputException(
                "--initial " + directory + " is compressed; allowed a dense adapter or a model, such as what"
                        + " `cpet adapter decompress` writes");
    }
}
