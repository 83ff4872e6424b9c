package org.cpet.plugin.models;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.tensor.Ops;

/** out(σ(in(x))), or gated: out(σ(gate(x)) ⊙ up(x)); x [batch, tokens, hidden]. */
public record FeedForward(Ops ops, FeedForwardSite site, Dropout inner) {
    /** Without dropout between the layers. */
    public FeedForward(Ops ops, FeedForwardSite site) {
        this(ops, site, new Dropout(ops, 0));
    }

    public NDArray apply(NDArray x, ForwardMode mode) {
        List<LinearSite> ins = site.ins();
        NDArray units = ops.activation(ins.get(0).forward(x, mode), site.activation());
        if (ins.size() > 1) {
            units = units.mul(ins.get(1).forward(x, mode));
        }
        return site.out().forward(site.out().shared(ops, inner.apply(units, mode)), mode);
    }
}
