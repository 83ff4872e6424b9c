package org.cpet.plugin.models.t5;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.cpet.plugin.models.CachedDecoding;
import org.cpet.plugin.models.DecodingMemory;
import org.cpet.plugin.models.KeyValues;
import org.cpet.plugin.models.PromptColumns;
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
        int held = self.get(0).length();
        Optional<NDArray> states = held == 0 ? Optional.of(encode()) : Optional.empty();
        Optional<NDArray> hidden = mask.isEmpty() ? Optional.empty() : Optional.of(mask.get());
        T5Context context = model.decoding(ids, held, model.encoderOf(ids, states, hidden, cross), self);
        List<NDArray> decoded = model.decoder().run(model.decoder().embed(ids), context, mode);
        NDArray last = decoded.get(decoded.size() - 1);
        return model.logits(
                last.get(new NDIndex().addAllDim().addIndices(ids.getShape().get(1) - 1)), mode);
    }

    private NDArray encode() {
        PromptColumns prompt = model.prompt(prompts);
        TokenBatch seen = prompt.before(prompts);
        T5Model.mask(seen).ifPresent(mask::set);
        List<NDArray> encoded = model.encode(seen, prompt, mode);
        return encoded.get(encoded.size() - 1);
    }
}
