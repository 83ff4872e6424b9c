package org.cpet.plugin.models.llama;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cpet.plugin.models.CachedDecoding;
import org.cpet.plugin.models.DecodingMemory;
import org.cpet.plugin.models.KeyValues;
import org.cpet.plugin.models.Masks;
import org.cpet.plugin.models.PrefixColumns;
import org.cpet.plugin.models.PromptColumns;
import org.cpet.plugin.models.Sight;
import org.cpet.spi.model.ForwardMode;

/**
 * The prompt first, then one token a time, with keys and values of all layers kept. A row is padding, virtual tokens, text:
 * what it gives does not depend on the rows beside it.
 */
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
        int held = past.get(0).length();
        List<NDArray> hidden = held == 0 ? start(ids) : model.run(model.embed(ids), later(ids, held), mode);
        NDArray last = hidden.get(hidden.size() - 1);
        NDArray end =
                last.get(new NDIndex().addAllDim().addIndices(last.getShape().get(1) - 1));
        return model.head().forward(end, mode);
    }

    private List<NDArray> start(NDArray ids) {
        PromptColumns prompt = model.prompt(ids);
        int[] before = padding(prompt);
        boolean padded = IntStream.of(before).anyMatch(count -> count > 0);
        NDArray embedded =
                padded ? prompt.insideOf(model.embed(ids), prompts.missing()) : prompt.before(model.embed(ids));
        int tokens = (int) embedded.getShape().get(1);
        PrefixColumns prefix = model.prefix(ids, before);
        Sight sight = padded ? LlamaModel.hiding(mask.set(mask(ids.getManager(), before, tokens))) : Sight.causal();
        Sight all = prefix.before(sight, tokens, tokens);
        return model.run(embedded, new LlamaPass(prefix.count(), all, prefix, past), mode);
    }

    /** Columns of each row in front of its virtual tokens and its text. */
    private int[] padding(PromptColumns prompt) {
        int[] lengths = prompt.lengths();
        return IntStream.range(0, lengths.length)
                .map(row -> prompts.missing()[row] + prompt.count() - lengths[row])
                .toArray();
    }

    private static NDArray mask(NDManager manager, int[] before, int tokens) {
        long[] values = new long[before.length * tokens];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % tokens < before[i / tokens] ? 0 : 1;
        }
        return manager.create(values, new Shape(before.length, tokens));
    }

    /** One query, which sees everything but padding. */
    private LlamaPass later(NDArray ids, int held) {
        NDManager manager = ids.getManager();
        int rows = (int) ids.getShape().get(0);
        PrefixColumns prefix = model.prefix(ids, new int[rows]);
        int keys = held - prefix.count() + 1;
        Sight sight = Sight.all();
        if (!mask.isEmpty()) {
            NDArray real = manager.ones(new Shape(rows, 1), DataType.INT64);
            sight = Sight.biased(Masks.ofKeys(mask.set(mask.get().concat(real, 1))));
        }
        return new LlamaPass(held, prefix.before(sight, 1, keys), prefix, past);
    }
}
