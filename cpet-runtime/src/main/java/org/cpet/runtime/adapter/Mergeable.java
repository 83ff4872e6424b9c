package org.cpet.runtime.adapter;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.cpet.runtime.engine.safetensors.TensorEntry;
import org.cpet.spi.InputException;
import org.cpet.spi.adapter.AdapterTensor;

/** Whether sums of adapters mean anything: the same tensors, settings and start. */
final class Mergeable {
    /** Keys of {@code adapter_config.json} that do not change what its tensors mean. */
    private static final Set<String> FREE = Set.of(
            "auto_mapping",
            "base_model_name_or_path",
            "inference_mode",
            "lora_dropout",
            "modules_to_save",
            "peft_version",
            "revision",
            "target_modules",
            "task_type");

    private Mergeable() {}

    static void check(LoadedAdapter first, LoadedAdapter other) {
        settings(first, other);
        List<AdapterHalf> halves = AdapterWriter.halves(first);
        List<AdapterHalf> others = AdapterWriter.halves(other);
        if (halves.size() != others.size()) {
            throw different(first, other, "one has a recovery module");
        }
        for (int i = 0; i < halves.size(); i++) {
            List<AdapterTensor> tensors = halves.get(i).vector().tensors();
            List<AdapterTensor> found = others.get(i).vector().tensors();
            found.stream()
                    .filter(tensor -> !tensors.contains(tensor))
                    .findFirst()
                    .ifPresent(tensor -> {
                        throw different(first, other, "found " + shown(tensor) + " in the second alone");
                    });
            tensors.stream()
                    .filter(tensor -> !found.contains(tensor))
                    .findFirst()
                    .ifPresent(tensor -> {
                        throw different(first, other, "found " + shown(tensor) + " in the first alone");
                    });
            if (!halves.get(i)
                    .initial()
                    .text(tensors)
                    .equals(others.get(i).initial().text(tensors))) {
                throw different(first, other, "found task vectors from different initial values");
            }
        }
    }

    private static String shown(AdapterTensor tensor) {
        return tensor.name() + " " + tensor.shape();
    }

    private static void settings(LoadedAdapter first, LoadedAdapter other) {
        Map<String, Object> left = first.config().map(config -> config.values()).orElse(Map.of());
        Map<String, Object> right =
                other.config().map(config -> config.values()).orElse(Map.of());
        Set<String> keys = new TreeSet<>(left.keySet());
        keys.addAll(right.keySet());
        keys.removeAll(FREE);
        for (String key : keys) {
            if (!Objects.equals(left.get(key), right.get(key))) {
                throw different(first, other, "found " + key + " " + left.get(key) + " and " + right.get(key));
            }
        }
    }

    private static InputException different(LoadedAdapter first, LoadedAdapter other, String found) {
        return new InputException(first.directory() + " and " + other.directory() + " cannot be merged; " + found
                + "; allowed adapters of the same tensors and settings");
    }

    /** What to say of tensors that are not merged. */
    static Optional<String> keptOf(List<LoadedAdapter> adapters) {
        LoadedAdapter first = adapters.get(0);
        List<String> names = first.pet().kept().stream().map(TensorEntry::name).toList();
        return names.isEmpty() || adapters.size() == 1
                ? Optional.empty()
                : Optional.of(names.size() + " tensors are not merged but taken from " + first.directory() + "; first "
                        + names.get(0));
    }
}
