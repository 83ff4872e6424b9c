package org.cpet.runtime.script;

import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.interop.AdapterFiles;
import org.cpet.runtime.interop.AdapterTensors;
import org.cpet.runtime.interop.InitialValues;
import org.cpet.runtime.interop.KeptShapes;
import org.cpet.runtime.interop.ModelLineage;
import org.cpet.runtime.interop.PeftAdapter;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.model.ModelFamilies;
import org.cpet.runtime.model.ModelLoader;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.train.TrainableClassifier;
import org.cpet.spi.InputException;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelRequest;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TrainableModule;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.recover.RecoveryModule;
import org.jspecify.annotations.Nullable;

/** A model directory opened for what its config says it is, with a PEFT adapter on it when one is given. */
public final class OpenedModel implements AutoCloseable {
    private final TransformerModel model;
    private final List<TrainableModule> modules = new ArrayList<>();

    private OpenedModel(TransformerModel model) {
        this.model = model;
    }

    /** The model alone. */
    public static OpenedModel open(
            Path directory, DataType type, EngineSession engine, PluginCatalog catalog, PluginContext context) {
        ModelFamilies families = Extensions.families(catalog, context);
        ModelDirectory opened = ModelDirectory.open(directory);
        return load(opened, opened.nativeRequest(families), families, type, engine, context);
    }

    /** The model, with an adapter unless that is null. */
    public static OpenedModel open(
            Path directory,
            @Nullable Path adapter,
            DataType type,
            EngineSession engine,
            PluginCatalog catalog,
            PluginContext context) {
        return adapter == null
                ? open(directory, type, engine, catalog, context)
                : open(directory, adapter, type, engine, catalog, context, model -> {});
    }

    /** The model with an adapter and changed before the adapter is put on it; an adapter with a classifier asks a headless directory for a head. */
    static OpenedModel open(
            Path directory,
            Path adapter,
            DataType type,
            EngineSession engine,
            PluginCatalog catalog,
            PluginContext context,
            Consumer<TransformerModel> surgery) {
        PeftAdapter peft = PeftAdapter.open(adapter);
        ModelFamilies families = Extensions.families(catalog, context);
        ModelDirectory opened = ModelDirectory.open(directory);
        if (peft.baseFingerprint().isPresent()) {
            ModelLineage.of(directory, opened.weights()).require(peft);
        }
        ModelRequest request = AdapterRequest.of(peft, opened.nativeRequest(families));
        OpenedModel result = load(opened, request, families, type, engine, context);
        try (AdapterTensors tensors = AdapterTensors.load(
                peft.weights(),
                engine,
                Extensions.codecs(catalog, context),
                Optional.of(InitialValues.ofModel(opened.weights())))) {
            List<String> layers = result.model.layout().layers();
            surgery.accept(result.model);
            tensors.take(name -> removed(name, layers, result.model.layout().layers()));
            result.attach(peft, tensors, catalog, engine, context);
            return result;
        } catch (RuntimeException e) {
            result.close();
            throw e;
        }
    }

    /** Whether a tensor belongs to a layer that surgery took away; what was learnt there has no place any more. */
    private static boolean removed(String tensor, List<String> before, List<String> after) {
        return ModelLayout.layerOf(tensor)
                .filter(layer -> before.contains(layer) && !after.contains(layer))
                .isPresent();
    }

    /** The model. */
    public TransformerModel model() {
        return model;
    }

    /** PET and classifier, when there is an adapter; an adapter's recovery module too. */
    public List<TrainableModule> modules() {
        return List.copyOf(modules);
    }

    /** Silences the heads and neurons that the adapter's model did not have: the outputs are then that model's. */
    public void silenceRemoved(Path adapter) {
        KeptShapes kept = KeptShapes.read(adapter)
                .orElseThrow(() -> new InputException(adapter + ": no kept.json; the adapter's model lost nothing"));
        kept.linears(model).forEach((name, indices) -> {
            if (indices.columns().length < indices.originalIn()) {
                model.linears().stream()
                        .filter(site -> site.name().equals(name))
                        .forEach(site -> SilencedColumns.before(site, indices.columns(), model.manager()));
            }
        });
    }

    @Override
    public void close() {
        modules.forEach(TrainableModule::close);
        model.close();
    }

    private void attach(
            PeftAdapter peft,
            AdapterTensors tensors,
            PluginCatalog catalog,
            EngineSession engine,
            PluginContext context) {
        Lineage lineage = Lineage.of(model);
        PetModule pet =
                peft.method(Extensions.petMethods(catalog)).create(context).attach(model);
        modules.add(pet);
        AdapterRanks.match(pet, tensors.left());
        Optional<KeptShapes> kept = KeptShapes.read(peft.directory()).filter(shapes -> shapes.narrower(model));
        Map<String, KeptIndices> places =
                kept.map(shapes -> shapes.linears(model)).orElse(Map.of());
        if (tensors.scatter(places, pet)) {
            context.notice(peft.directory() + " was trained on a model without some heads or neurons; spread out to the"
                    + " whole one it computes another function unless these are silenced (--as-pruned)");
        }
        tensors.inherit(pet, taught -> pet.inherit(taught, lineage));
        if (model.layout().task() == ModelTask.SEQ_CLS && !tensors.left().isEmpty()) {
            TrainableClassifier classifier = TrainableClassifier.attach(engine.ops(), model, Set.of());
            modules.add(classifier);
            tensors.inherit(classifier, taught -> classifier.inherit(taught, lineage));
        }
        tensors.requireNoneLeft();
        peft.recoveryConfig().ifPresent(config -> recover(peft, config, catalog, engine, context));
    }

    private void recover(
            PeftAdapter peft,
            Map<String, Object> config,
            PluginCatalog catalog,
            EngineSession engine,
            PluginContext context) {
        Map<String, Object> options = new LinkedHashMap<>(config);
        String type = String.valueOf(options.getOrDefault("type", "bottleneck"));
        options.remove("type");
        RecoveryModule recovery =
                Methods.recovery(catalog, type, options, context).attach(model);
        modules.add(recovery);
        try (AdapterTensors tensors =
                AdapterFiles.recoveryTensors(peft.directory(), engine, Extensions.codecs(catalog, context))) {
            tensors.fill(recovery);
            tensors.requireNoneLeft();
        }
    }

    private static OpenedModel load(
            ModelDirectory directory,
            ModelRequest request,
            ModelFamilies families,
            DataType type,
            EngineSession engine,
            PluginContext context) {
        return new OpenedModel(new ModelLoader(families, engine, context).load(directory, request, type));
    }
}
