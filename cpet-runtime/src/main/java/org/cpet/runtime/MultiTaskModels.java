package org.cpet.runtime;

import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.Map;
import org.cpet.runtime.data.Collator;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.interop.InitialValues;
import org.cpet.runtime.interop.ModelLineage;
import org.cpet.runtime.interop.PeftAdapter;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.model.ModelFamilies;
import org.cpet.runtime.model.ModelLoader;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.script.AdapterRequest;
import org.cpet.runtime.script.Extensions;
import org.cpet.runtime.serve.AdapterLoader;
import org.cpet.runtime.serve.AdapterRack;
import org.cpet.runtime.text.SpecialTokens;
import org.cpet.runtime.text.Tokenizer;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.ModelRequest;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TransformerModel;

/** Opens models for many tasks. */
final class MultiTaskModels {
    private MultiTaskModels() {}

    static MultiTaskModel open(
            Path path,
            Map<String, Path> adapters,
            EngineSession session,
            PluginCatalog catalog,
            PluginContext context) {
        ModelDirectory directory = ModelDirectory.open(path);
        ModelFamilies families = Extensions.families(catalog, context);
        Tokenizer tokenizer = Tokenizer.load(directory.tokenizer());
        try {
            ModelRequest request = request(directory, families, adapters);
            TransformerModel model =
                    new ModelLoader(families, session, context).load(directory, request, DataType.FLOAT32);
            tokenizer.requireWithin(model.layout().vocabulary());
            SpecialTokens special = SpecialTokens.of(directory.config(), tokenizer);
            return new MultiTaskModel(
                            session,
                            tokenizer,
                            new Collator(session.manager(), request.task(), special.pad()),
                            new AdapterRack(model),
                            new AdapterLoader(
                                    session,
                                    catalog,
                                    context,
                                    ModelLineage.of(path, directory.weights()),
                                    InitialValues.ofModel(directory)),
                            families.of(directory.config())
                                    .longestRow(directory.config())
                                    .orElse(Integer.MAX_VALUE))
                    .with(adapters);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /** An adapter with a classifier asks a headless directory for a head, in whose place its own will stand. */
    private static ModelRequest request(ModelDirectory directory, ModelFamilies families, Map<String, Path> adapters) {
        ModelRequest request = directory.nativeRequest(families);
        for (Path adapter : adapters.values()) {
            if (request.task() == ModelTask.ENCODER) {
                request = AdapterRequest.of(PeftAdapter.open(adapter), request);
            }
        }
        return request;
    }
}
