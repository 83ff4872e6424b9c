package org.cpet.runtime.adapter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.engine.safetensors.TensorEntry;
import org.cpet.spi.InputException;
import org.cpet.spi.adapter.PackedAdapter;

/** What {@code cpet adapter info} says. */
final class AdapterFacts {
    private AdapterFacts() {}

    static Map<String, Object> of(LoadedAdapter adapter, Path directory) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("directory", directory.toString());
        adapter.config().ifPresent(config -> facts.put("peft_type", config.text("peft_type", "unknown")));
        facts.putAll(of(adapter.pet()));
        adapter.recovery().ifPresent(recovery -> facts.put("recovery", of(recovery)));
        return facts;
    }

    private static Map<String, Object> of(AdapterHalf half) {
        Map<String, Object> facts = new LinkedHashMap<>();
        int tensors = half.vector().tensors().size();
        long streams = half.file().tensors().values().stream()
                .mapToLong(AdapterFacts::bytes)
                .sum();
        long size = size(half.file().path());
        facts.put("codec", half.packed().map(packed -> packed.codec()).orElse("none"));
        half.packed().ifPresent(packed -> facts.put("version", packed.version()));
        facts.put("tensors", tensors);
        facts.put("parameters", half.vector().size());
        facts.put("file_bytes", size);
        facts.put("header_bytes_per_tensor", (size - streams) / Math.max(1, tensors));
        facts.put("kept_tensors", half.kept().size());
        facts.put(
                "kept_bytes",
                half.kept().stream().mapToLong(AdapterFacts::bytes).sum());
        half.packed().ifPresent(packed -> {
            facts.put("initial", packed.initial());
            facts.putAll(packed.adapter().facts());
        });
        return facts;
    }

    /** Products of two packed adapters, the recovery modules apart. */
    static Map<String, Object> compared(LoadedAdapter adapter, LoadedAdapter other) {
        Map<String, Object> found =
                new LinkedHashMap<>(packed(adapter, adapter.pet()).compare(packed(other, other.pet())));
        Optional<AdapterHalf> recovery = adapter.recovery();
        if (recovery.isPresent() && other.recovery().isPresent()) {
            found.put(
                    "recovery",
                    packed(adapter, recovery.get())
                            .compare(packed(other, other.recovery().get())));
        }
        return found;
    }

    private static PackedAdapter packed(LoadedAdapter adapter, AdapterHalf half) {
        return half.packed()
                .orElseThrow(() -> new InputException(
                        adapter.directory() + " is not compressed; allowed two compressed adapters to compare"))
                .adapter();
    }

    private static long bytes(TensorEntry entry) {
        return entry.end() - entry.begin();
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** For a terminal: one fact a line. */
    static void lines(Map<String, ?> facts, String indent, List<String> lines) {
        facts.forEach((name, value) -> {
            if (value instanceof Map<?, ?> inner) {
                lines.add(indent + name);
                Map<String, Object> named = new LinkedHashMap<>();
                inner.forEach((key, each) -> named.put(String.valueOf(key), each));
                lines(named, indent + "  ", lines);
            } else {
                lines.add(indent + String.format("%-28s %s", name, value));
            }
        });
    }
}
