package org.cpet.runtime.interop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.common.collect.Maps;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.engine.TensorLoader;
import org.cpet.runtime.engine.safetensors.SafetensorsFile;
import org.cpet.runtime.engine.safetensors.TensorEntry;
import org.cpet.spi.InputException;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.TrainableModule;
import org.cpet.spi.pet.InheritanceReport;

/** The tensors of an adapter file as float32 arrays, handed out to modules until none is left. */
public final class AdapterTensors implements AutoCloseable {
    private final SafetensorsFile file;
    private final NDManager manager;
    private final Map<String, NDArray> left = new LinkedHashMap<>();

    private AdapterTensors(SafetensorsFile file, NDManager manager) {
        this.file = file;
        this.manager = manager;
    }

    /** Loads all tensors, their names without PEFT's prefix; those of a packed file are unpacked. */
    public static AdapterTensors load(SafetensorsFile file, EngineSession engine, Codecs codecs) {
        return load(file, engine, codecs, Optional.empty());
    }

    /**
     * The same for a model.
     *
     * @param model its tensors, where a packed vector may start
     */
    public static AdapterTensors load(
            SafetensorsFile file, EngineSession engine, Codecs codecs, Optional<InitialValues> model) {
        AdapterTensors tensors = new AdapterTensors(file, engine.manager().newSubManager());
        List<String> stored = List.copyOf(file.tensors().keySet());
        if (PackedFile.is(file)) {
            PackedFile packed = PackedFile.read(file, codecs);
            stored = packed.kept().stream().map(TensorEntry::name).toList();
            UnpackedTensors.of(packed, model)
                    .forEach((tensor, values) -> tensors.left.put(
                            PeftNames.name(tensor.name()), tensors.manager.create(values, tensor.shape())));
        }
        try (TensorLoader loader = engine.loader(file)) {
            for (String key : stored) {
                tensors.left.put(PeftNames.name(key), loader.load(key, DataType.FLOAT32, tensors.manager));
            }
        }
        return tensors;
    }

    /** Everything not yet handed out. */
    public Map<String, NDArray> left() {
        return Map.copyOf(left);
    }

    /** Fills a module with the tensors that bear its names. */
    public void fill(TrainableModule module) {
        Map<String, NDArray> taken = take(module.state()::containsKey);
        named(() -> module.load(taken));
    }

    /** Hands a module of a compressed model the tensors that bear its names, to be cut to what compression kept. */
    public void inherit(TrainableModule module, Function<Map<String, NDArray>, InheritanceReport> inheritance) {
        Map<String, NDArray> taken = take(module.state()::containsKey);
        if (sameShapes(taken, module.state())) {
            named(() -> module.load(taken));
            return;
        }
        InheritanceReport report = inheritance.apply(taken);
        if (!report.missed().isEmpty()) {
            throw new InputException(file.path() + ": " + report.missed().size()
                    + " tensors of the model find none here that fits; first "
                    + report.missed().get(0));
        }
    }

    private static boolean sameShapes(Map<String, NDArray> given, Map<String, NDArray> wanted) {
        return Maps.transformValues(given, NDArray::getShape).equals(Maps.transformValues(wanted, NDArray::getShape));
    }

    /** Failures name this file. */
    private void named(Runnable loading) {
        try {
            loading.run();
        } catch (InputException e) {
            throw new InputException(file.path() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Spreads what is left to the shapes that a whole model's module wants; says whether anything changed.
     *
     * @param kept which rows and columns of each layer the tensors have
     */
    public boolean scatter(Map<String, KeptIndices> kept, TrainableModule module) {
        Map<String, NDArray> spread = new Scatter(kept, manager).of(left, module.state());
        boolean changed = !sameShapes(spread, left);
        left.putAll(spread);
        return changed;
    }

    /** Hands out the tensors of these names. */
    public Map<String, NDArray> take(Predicate<String> wanted) {
        Map<String, NDArray> taken = new LinkedHashMap<>();
        left.forEach((name, tensor) -> {
            if (wanted.test(name)) {
                taken.put(name, tensor);
            }
        });
        left.keySet().removeAll(taken.keySet());
        return taken;
    }

    /** Fails when a tensor found no place. */
    public void requireNoneLeft() {
        if (!left.isEmpty()) {
            throw new InputException(file.path() + ": " + left.size() + " tensors fit nowhere in the model; found "
                    + String.join(", ", left.keySet().stream().sorted().limit(5).toList()));
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
