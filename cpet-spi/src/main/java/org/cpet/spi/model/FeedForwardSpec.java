package org.cpet.spi.model;

import java.util.List;

/**
 * A feed-forward block as a plan sees it.
 *
 * @param name the module that owns the layers, for example {@code bert.encoder.layer.0}
 * @param ins the layers into the FFN: one, or gate and up
 * @param out the layer out of it
 * @param units its neurons
 */
public record FeedForwardSpec(String name, List<String> ins, String out, int units) {
    public FeedForwardSpec {
        ins = List.copyOf(ins);
    }

    /** The same block with fewer neurons. */
    public FeedForwardSpec withUnits(int kept) {
        return new FeedForwardSpec(name, ins, out, kept);
    }
}
