package org.cpet.plugin.models;

import java.util.List;
import java.util.function.ToIntFunction;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Activation;

/** The one number of heads and of neurons that a config can state for all layers of a model. */
public record SavedSizes(TransformerModel model) {
    /** Key/value heads of every attention. */
    public int groups() {
        return one("key/value heads", model.attentions(), AttentionSite::groups);
    }

    /** Query heads of every attention. */
    public int heads() {
        return one("heads", model.attentions(), AttentionSite::heads);
    }

    /** Neurons of every FFN. */
    public int units() {
        return one("FFN neurons", model.feedForwards(), FeedForwardSite::units);
    }

    /** Whether heads were removed, so that hidden size / heads is not a head's width. */
    public boolean narrowedHeads() {
        AttentionSite attention = model.attentions().get(0);
        return attention.heads() * attention.headDim() != model.layout().hiddenSize();
    }

    /** Whether every FFN has a ReLU, which the config may not know yet. */
    public boolean rectified() {
        return model.feedForwards().stream().allMatch(block -> block.activation() == Activation.RELU);
    }

    private static <T> int one(String what, List<T> sites, ToIntFunction<T> size) {
        List<Integer> sizes =
                sites.stream().map(size::applyAsInt).distinct().sorted().toList();
        if (sizes.size() != 1) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    what + " of the layers differ; found " + sizes
                            + "; allowed one number for all layers, since config.json has one key for it");
        }
        return sizes.get(0);
    }
}
