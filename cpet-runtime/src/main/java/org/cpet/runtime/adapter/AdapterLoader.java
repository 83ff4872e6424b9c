package org.cpet.runtime.adapter;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.cpet.runtime.engine.safetensors.SafetensorsFile;
import org.cpet.runtime.engine.safetensors.StoredValues;
import org.cpet.runtime.engine.safetensors.TensorEntry;
import org.cpet.runtime.interop.InitialValues;
import org.cpet.runtime.interop.PackedFile;
import org.cpet.runtime.interop.PeftAdapter;
import org.cpet.runtime.model.ConfigJson;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.Configured;
import org.cpet.runtime.script.Extensions;
import org.cpet.spi.InputException;
import org.cpet.spi.PluginContext;
import org.cpet.spi.adapter.AdapterTensor;
import org.cpet.spi.adapter.AdapterVector;
import org.cpet.spi.adapter.TaskVector;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetMethodFactory;

/** Reads adapter directories, dense or packed, as task vectors. Starts no engine. */
final class AdapterLoader {
    private final PluginCatalog catalog;
    private final PluginContext context;

    AdapterLoader(PluginCatalog catalog, PluginContext context) {
        this.catalog = catalog;
        this.context = context;
    }

    /**
     * Reads a directory.
     *
     * @param start directory of the adapter or model that training started from
     */
    LoadedAdapter load(Path directory, Optional<Path> start) {
        if (!Files.isDirectory(directory)) {
            throw new InputException(directory + ": no such adapter directory");
        }
        Path file = directory.resolve(PeftAdapter.CONFIG);
        Optional<ModelConfig> config =
                Files.exists(file) ? Optional.of(ConfigJson.read(file)) : Optional.<ModelConfig>empty();
        Optional<InitialValues> given = start.map(StartingPoint::of);
        SafetensorsFile weights = PeftAdapter.weights(directory);
        AdapterHalf pet = PackedFile.is(weights)
                ? packed(weights, given)
                : dense(
                        weights,
                        given.orElseGet(() -> neutral(directory, config)),
                        savedModules(config),
                        config.isPresent());
        Optional<AdapterHalf> recovery = PeftAdapter.hasRecovery(directory)
                ? Optional.of(recovery(PeftAdapter.recoveryWeights(directory), given))
                : Optional.empty();
        return new LoadedAdapter(directory, config, pet, recovery);
    }

    private AdapterHalf recovery(SafetensorsFile file, Optional<InitialValues> given) {
        return PackedFile.is(file)
                ? packed(file, given)
                : dense(file, given.orElseGet(() -> InitialValues.constant(0)), Set.of(), true);
    }

    private AdapterHalf packed(SafetensorsFile file, Optional<InitialValues> given) {
        PackedFile packed = PackedFile.read(file, Extensions.codecs(catalog, context));
        InitialValues initial = InitialValues.required(
                packed.initial(), packed.adapter().tensors(), given, file.path().toString());
        return new AdapterHalf(file, packed.adapter(), initial, packed.kept(), Optional.of(packed));
    }

    /** @param whole whether every tensor must have an initial one; that of a whole model lacks a new head's */
    private AdapterHalf dense(SafetensorsFile file, InitialValues initial, Set<String> savedModules, boolean whole) {
        Map<AdapterTensor, float[]> values = new LinkedHashMap<>();
        List<TensorEntry> kept = new ArrayList<>();
        file.tensors().forEach((key, entry) -> {
            if (isSaved(key, savedModules) || (!whole && !initial.has(key))) {
                kept.add(entry);
            } else {
                AdapterTensor tensor = new AdapterTensor(key, entry.shape());
                values.put(tensor, difference(StoredValues.floats(entry), initial.of(tensor)));
            }
        });
        if (values.isEmpty()) {
            throw new InputException(file.path() + ": no tensor to take a task vector of; found " + kept.size()
                    + " that stay as they are");
        }
        if (!whole && !kept.isEmpty()) {
            context.notice(kept.size() + " tensors that the initial model does not have stay as they are; first "
                    + kept.get(0).name());
        }
        AdapterVector vector = TaskVector.of(values);
        return new AdapterHalf(file, vector, initial, kept, Optional.empty());
    }

    private static float[] difference(float[] values, float[] initial) {
        for (int i = 0; i < values.length; i++) {
            values[i] -= initial[i];
        }
        return values;
    }

    private static boolean isSaved(String key, Set<String> savedModules) {
        for (String part : key.split("\\.", -1)) {
            if (savedModules.contains(part)) {
                return true;
            }
        }
        return false;
    }

    /** The names of {@code modules_to_save}. */
    private static Set<String> savedModules(Optional<ModelConfig> config) {
        Set<String> names = new LinkedHashSet<>();
        if (config.isPresent() && config.get().values().get("modules_to_save") instanceof List<?> list) {
            list.forEach(name -> names.add(String.valueOf(name)));
        }
        return names;
    }

    /** Where the method's tensors change nothing. */
    private InitialValues neutral(Path directory, Optional<ModelConfig> config) {
        if (config.isEmpty()) {
            throw new InputException(
                    directory + ": no " + PeftAdapter.CONFIG
                            + " says what its tensors start from; allowed --initial DIR, the model or adapter they were trained from");
        }
        Configured<PetMethod> method = PeftAdapter.open(directory).method(Extensions.petMethods(catalog));
        return InitialValues.constant(
                neutral(method)
                        .orElseThrow(
                                () -> new InputException(
                                        directory + ": tensors of " + method.name()
                                                + " start from the model's own; allowed --initial DIR, the model or adapter they were trained from")));
    }

    private static OptionalDouble neutral(Configured<PetMethod> method) {
        return method.factory() instanceof PetMethodFactory<?> factory
                ? neutral(factory, method.options())
                : OptionalDouble.empty();
    }

    private static <O extends Record> OptionalDouble neutral(PetMethodFactory<O> factory, Record options) {
        return factory.neutralValue(factory.optionsType().cast(options));
    }
}
