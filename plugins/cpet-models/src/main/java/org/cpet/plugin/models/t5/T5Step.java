package org.cpet.plugin.models.t5;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.cpet.plugin.models.CachedDecoding;
import org.cpet.plugin.models.DecodingMemory;
import org.cpet.plugin.models.KeyValues;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.TokenBatch;

/** The encoder once, then the decoder token by token. */
final class T5Step implements CachedDecoding.Step {
    private final T5Model model;
    private final TokenBatch prompts;
    private final ForwardMode mode;
    private final List<KeyValues> self;
    private final List<KeyValues> cross;
    private final DecodingMemory.Slot mask;

    T5Step(T5Model model, DecodingMemory memory, TokenBatch prompts, ForwardMode mode) {
        int blocks = model.decoder().blocks().size();
        this.model = model;
        this.prompts = prompts;
        this.mode = mode;
        this.self = Stream.generate(memory::keyValues).limit(blocks).toList();
        this.cross = Stream.generate(memory::keyValues).limit(blocks).toList();
        this.mask = memory.slot();
    }

    @Override
    public NDArray next(NDArray ids) {
        int past = self.get(0).length();
        Optional<NDArray> encoded = past == 0 ? Optional.of(encode()) : Optional.empty();
        Optional<NDArray> hidden = mask.isEmpty() ? Optional.empty() : Optional.of(mask.get());
        int queries = (int) ids.getShape().get(1);
        T5Context context = new T5Context(
                model.decoder().positions(ids.getManager(), queries, past + queries, Optional.empty()),
                encoded,
                T5Model.sight(hidden),
                self,
                cross);
        List<NDArray> decoded = model.decoder().run(ids, context, mode);
        NDArray last = decoded.get(decoded.size() - 1);
        return model.logits(last.get(new NDIndex().addAllDim().addIndices(queries - 1)), mode);
    }

    private NDArray encode() {
        Optional<NDArray> hidden = T5Model.mask(prompts);
        hidden.ifPresent(mask::set);
        List<NDArray> encoded = model.encode(prompts, hidden, mode);
        return encoded.get(encoded.size() - 1);
    }
}
