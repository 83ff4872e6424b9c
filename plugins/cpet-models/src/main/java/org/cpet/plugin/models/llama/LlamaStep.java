package org.cpet.plugin.models.llama;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.cpet.plugin.models.CachedDecoding;
import org.cpet.plugin.models.DecodingMemory;
import org.cpet.plugin.models.KeyValues;
import org.cpet.plugin.models.Masks;
import org.cpet.plugin.models.Sight;
import org.cpet.spi.model.ForwardMode;

/** The prompt first, then one token a time, with keys and values of all layers kept. */
final class LlamaStep implements CachedDecoding.Step {
    private final LlamaModel model;
    private final LeftPadded prompts;
    private final ForwardMode mode;
    private final List<KeyValues> past;
    private final DecodingMemory.Slot mask;

    LlamaStep(LlamaModel model, DecodingMemory memory, LeftPadded prompts, ForwardMode mode) {
        this.model = model;
        this.prompts = prompts;
        this.mode = mode;
        this.past = Stream.generate(memory::keyValues).limit(model.layerCount()).toList();
        this.mask = memory.slot();
    }

    @Override
    public NDArray next(NDArray ids) {
        int first = past.get(0).length();
        Sight sight = first == 0 ? prompt() : later(ids);
        List<NDArray> hidden = model.run(ids, first, sight, past, mode);
        NDArray last = hidden.get(hidden.size() - 1);
        NDArray end =
                last.get(new NDIndex().addAllDim().addIndices(last.getShape().get(1) - 1));
        return model.head().forward(end, mode);
    }

    private Sight prompt() {
        if (!prompts.padded()) {
            return Sight.CAUSAL;
        }
        return LlamaModel.hiding(mask.set(prompts.mask()));
    }

    /** One query, which sees everything but padding. */
    private Sight later(NDArray ids) {
        if (!prompts.padded()) {
            return Sight.ALL;
        }
        NDArray real = ids.getManager().ones(new Shape(ids.getShape().get(0), 1), DataType.INT64);
        return Sight.biased(Masks.ofKeys(mask.set(mask.get().concat(real, 1))));
    }
}
