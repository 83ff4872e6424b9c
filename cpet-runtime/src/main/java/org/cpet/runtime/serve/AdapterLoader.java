package org.cpet.runtime.serve;

import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.interop.AdapterFiles;
import org.cpet.runtime.interop.AdapterTensors;
import org.cpet.runtime.interop.InitialValues;
import org.cpet.runtime.interop.ModelLineage;
import org.cpet.runtime.interop.PeftAdapter;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.script.Extensions;
import org.cpet.runtime.script.Methods;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.TrainableModule;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.recover.RecoveryModule;

/** Reads adapter directories for a rack: PET, recovery module, and a head with as many classes as the adapter has. */
public final class AdapterLoader {
    private final EngineSession engine;
    private final PluginCatalog catalog;
    private final PluginContext context;
    private final ModelLineage lineage;
    private final InitialValues initial;

    /**
     * Made for one model.
     *
     * @param lineage which adapters of other models are refused by
     * @param initial the model's tensors, where compressed adapters may start
     */
    public AdapterLoader(
            EngineSession engine,
            PluginCatalog catalog,
            PluginContext context,
            ModelLineage lineage,
            InitialValues initial) {
        this.engine = engine;
        this.catalog = catalog;
        this.context = context;
        this.lineage = lineage;
        this.initial = initial;
    }

    /** The adapter of a directory, ready for a rack. */
    public ServedAdapter load(Path directory, TransformerModel model) {
        PeftAdapter peft = PeftAdapter.open(directory);
        lineage.require(peft);
        List<TrainableModule> modules = new ArrayList<>();
        Optional<AdapterHead> head = Optional.empty();
        boolean done = false;
        try (AdapterTensors tensors =
                AdapterFiles.tensors(directory, engine, Extensions.codecs(catalog, context), initial)) {
            PetModule pet =
                    peft.method(Extensions.petMethods(catalog)).create(context).attach(model);
            modules.add(pet);
            tensors.inherit(pet, taught -> pet.inherit(taught, Lineage.of(model)));
            peft.recoveryConfig().ifPresent(config -> modules.add(recovery(peft, config, model)));
            if (!model.classifier().isEmpty() && !tensors.left().isEmpty()) {
                Map<String, NDArray> rest = tensors.take(name -> true);
                head = Optional.of(AdapterHead.of(engine.ops(), model, rest));
            }
            tensors.requireNoneLeft();
            ServedAdapter adapter = ServedAdapter.of(model, modules, head);
            done = true;
            return adapter;
        } finally {
            if (!done) {
                modules.forEach(TrainableModule::close);
                head.ifPresent(AdapterHead::close);
            }
        }
    }

    private RecoveryModule recovery(PeftAdapter peft, Map<String, Object> config, TransformerModel model) {
        Map<String, Object> options = new LinkedHashMap<>(config);
        String type = String.valueOf(options.getOrDefault("type", "bottleneck"));
        options.remove("type");
        RecoveryModule recovery =
                Methods.recovery(catalog, type, options, context).attach(model);
        try (AdapterTensors tensors =
                AdapterFiles.recoveryTensors(peft.directory(), engine, Extensions.codecs(catalog, context))) {
            tensors.fill(recovery);
            tensors.requireNoneLeft();
        }
        return recovery;
    }
}
