package org.cpet.runtime.engine.safetensors;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.cpet.spi.InputException;

/** Checks that tensors cover a file's data without holes, overlaps and left-over bytes. */
final class DataLayout {
    private DataLayout() {}

    static void check(Path path, Collection<TensorEntry> entries, long dataBytes) {
        List<TensorEntry> ordered = entries.stream()
                .sorted(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end))
                .toList();
        long covered = 0;
        for (TensorEntry entry : ordered) {
            if (entry.begin() < covered) {
                throw new InputException(path + ": tensors overlap at offset " + entry.begin() + ", where "
                        + StrictJson.shown(entry.name()) + " begins; the one before ends at " + covered);
            }
            if (entry.begin() > covered) {
                throw new InputException(path + ": bytes " + covered + " to " + entry.begin() + " belong to no tensor");
            }
            covered = entry.end();
            if (covered > dataBytes) {
                throw new InputException(path + ": tensor data is cut off; found " + dataBytes + " bytes; allowed "
                        + covered + " or more, where " + StrictJson.shown(entry.name()) + " ends");
            }
        }
        if (covered < dataBytes) {
            throw new InputException(path + ": " + (dataBytes - covered) + " bytes after the last tensor");
        }
    }
}
