package org.cpet.plugin.pet.prefix;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cpet.spi.OptionException;
import org.cpet.spi.model.AttentionKind;
import org.cpet.spi.model.AttentionSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTask;

/**
 * Which tensors a prefix consists of, and which columns of them each attention reads.
 *
 * @param tokens virtual tokens
 * @param slots the tensors
 * @param places by attention, in the model's order
 * @param pairs key/value pairs in one tensor of PEFT's; 0 in our own format
 */
record PrefixShape(int tokens, List<Slot> slots, Map<String, Place> places, int pairs) {
    static final String PEFT_TENSOR = "prompt_embeddings";

    /** Columns of a slot. */
    record Part(int slot, int from, int to) {}

    /** What one attention reads. */
    record Place(Part keys, Part values) {}

    static PrefixShape of(ModelLayout layout, PrefixOptions options) {
        if (layout.attentions().isEmpty()) {
            throw new OptionException("prefix needs attentions; found none in a model of family " + layout.family());
        }
        return options.format() == PrefixFormat.PEFT
                ? peft(layout, options.numVirtualTokens())
                : own(layout, options.numVirtualTokens());
    }

    private static PrefixShape own(ModelLayout layout, int tokens) {
        List<Slot> slots = new ArrayList<>();
        Map<String, Place> places = new LinkedHashMap<>();
        for (AttentionSpec attention : layout.attentions()) {
            int width = width(attention);
            places.put(
                    attention.name(),
                    new Place(new Part(slots.size(), 0, width), new Part(slots.size() + 1, 0, width)));
            slots.add(slot(attention.key(), width));
            slots.add(slot(attention.value(), width));
        }
        return new PrefixShape(tokens, slots, places, 0);
    }

    private static Slot slot(String layer, int width) {
        return new Slot(layer + ".prefix", layer + ".prefix_up", List.of(List.of(layer)), width);
    }

    /**
     * PEFT keeps one tensor [tokens, 2 · layers · width]. Layer i reads pair i; in a T5 the decoder's layer i reads pair
     * 2i mod layers, with the encoder's layers counted.
     */
    private static PrefixShape peft(ModelLayout layout, int tokens) {
        boolean twoStacks = layout.task() == ModelTask.SEQ2SEQ_LM;
        List<AttentionSpec> reached = layout.attentions().stream()
                .filter(attention -> !twoStacks || attention.kind() == AttentionKind.DECODER)
                .toList();
        int pairs = twoStacks
                ? (int) layout.attentions().stream()
                        .filter(attention -> attention.kind() == AttentionKind.ENCODER)
                        .count()
                : reached.size();
        require(reached, pairs);
        int width = width(reached.get(0));
        Map<String, Place> places = new LinkedHashMap<>();
        List<List<String>> blocks = new ArrayList<>();
        IntStream.range(0, 2 * pairs).forEach(i -> blocks.add(new ArrayList<>()));
        for (int i = 0; i < reached.size(); i++) {
            int pair = twoStacks ? 2 * i % pairs : i;
            int from = 2 * pair * width;
            places.put(
                    reached.get(i).name(),
                    new Place(new Part(0, from, from + width), new Part(0, from + width, from + 2 * width)));
            blocks.get(2 * pair).add(reached.get(i).key());
            blocks.get(2 * pair + 1).add(reached.get(i).value());
        }
        // columns that nobody reads follow the first layer
        blocks.stream()
                .filter(List::isEmpty)
                .forEach(block -> block.add(reached.get(0).key()));
        Slot all = new Slot(PEFT_TENSOR, "prefix_up", blocks, 2 * pairs * width);
        return new PrefixShape(tokens, List.of(all), places, pairs);
    }

    private static void require(List<AttentionSpec> reached, int pairs) {
        if (reached.isEmpty() || reached.size() > pairs) {
            throw new OptionException("format: peft gives a decoder no more layers than its encoder has; found "
                    + reached.size() + " and " + pairs + "; allowed format: cpet");
        }
        long widths = reached.stream().mapToInt(PrefixShape::width).distinct().count();
        if (widths > 1) {
            throw new OptionException("format: peft holds the same number of heads for every layer; found " + widths
                    + " different numbers; allowed format: cpet");
        }
    }

    /** Width of an attention's keys. */
    static int width(AttentionSpec attention) {
        return attention.groups() * attention.headDim();
    }
}
