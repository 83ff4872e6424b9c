package org.cpet.runtime.script;

import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.TreeMap;
import org.cpet.runtime.engine.safetensors.TensorEntry;
import org.cpet.runtime.interop.PeftAdapter;
import org.cpet.runtime.interop.PeftNames;
import org.cpet.spi.model.ModelRequest;
import org.cpet.spi.model.ModelTask;

/** What a directory must be opened as so that an adapter's classifier finds its place. */
public final class AdapterRequest {
    private static final String CLASSIFIER = "classifier.";

    private AdapterRequest() {}

    /** The last layer of the adapter's classifier gives the number of labels; without one nothing changes. */
    public static ModelRequest of(PeftAdapter adapter, ModelRequest fallback) {
        Map<String, TensorEntry> head = new TreeMap<>();
        adapter.weights().tensors().forEach((key, entry) -> head.put(PeftNames.name(key), entry));
        TensorEntry last = head.getOrDefault(CLASSIFIER + "out_proj.weight", head.get(CLASSIFIER + "weight"));
        if (last == null) {
            return fallback;
        }
        Shape shape = last.shape();
        return new ModelRequest(ModelTask.SEQ_CLS, Math.toIntExact(shape.get(0)));
    }
}
