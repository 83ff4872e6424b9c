package org.cpet.plugin.models;

import ai.djl.ndarray.NDArray;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.tensor.Ops;

/** out(σ(in(x))), or gated: out(σ(gate(x)) ⊙ up(x)); x [batch, tokens, hidden]. */
public record FeedForward(Ops ops, FeedForwardSite site, Dropout inner) {
    /** Without dropout between the layers. */
    public FeedForward(Ops ops, FeedForwardSite site) {
        this(ops, site, new Dropout(ops, 0));
    }

    public NDArray apply(NDArray x, ForwardMode mode) {
        return site.forward(ops, x, units -> inner.apply(units, mode), mode);
    }
}
