package org.cpet.plugin.models;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Activation;

/**
 * The numbers of heads and of neurons that a config states. Its keys hold one number for all layers; where layers differ
 * it is the largest, and {@link SavedWidths} lists each.
 */
public record SavedSizes(TransformerModel model) {
    /** Key/value heads of an attention. */
    public int groups() {
        return largest(model.attentions(), AttentionSite::groups);
    }

    /** Query heads of an attention. */
    public int heads() {
        return largest(model.attentions(), AttentionSite::heads);
    }

    /** Neurons of an FFN. */
    public int units() {
        return largest(model.feedForwards(), FeedForwardSite::units);
    }

    /** Whether heads or channels were removed, so that hidden size / heads is not a head's width. */
    public boolean narrowedHeads() {
        return heads() * model.attentions().get(0).headDim() != model.layout().hiddenSize();
    }

    /** Whether every FFN has a ReLU, which the config may not know yet. */
    public boolean rectified() {
        return model.feedForwards().stream().allMatch(block -> block.activation() == Activation.RELU);
    }

    /** Lists the widths of the blocks where they differ. */
    public void putWidths(Map<String, Object> config) {
        config.remove(SavedWidths.KEY);
        if (differ()) {
            Map<String, Object> widths = new LinkedHashMap<>();
            model.attentions().forEach(block -> widths.put(model.savedName(block.name()), block.groups()));
            model.feedForwards().forEach(block -> widths.put(model.savedName(block.name()), block.units()));
            config.put(SavedWidths.KEY, widths);
        }
    }

    /** Why only this project opens the directory, where that is so. */
    public Optional<String> problem() {
        return differ()
                ? Optional.of(
                        "layers differ in heads or neurons, which stock configs cannot say; config.json lists them"
                                + " under " + SavedWidths.KEY)
                : Optional.empty();
    }

    private boolean differ() {
        return model.attentions().stream().anyMatch(block -> block.groups() != groups())
                || model.feedForwards().stream().anyMatch(block -> block.units() != units());
    }

    private static <T> int largest(List<T> sites, ToIntFunction<T> size) {
        return sites.stream().mapToInt(size).max().orElseThrow();
    }
}
