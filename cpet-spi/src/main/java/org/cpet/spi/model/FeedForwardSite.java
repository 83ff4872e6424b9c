package org.cpet.spi.model;

import java.util.List;
import org.cpet.spi.tensor.Activation;

/** A feed-forward block: the layers into it (one, or gate and up), the layer out, and its neurons. */
public final class FeedForwardSite {
    private final String name;
    private final List<LinearSite> ins;
    private final LinearSite out;
    private final Activation activation;
    private KeptIndices kept;

    public FeedForwardSite(String name, List<LinearSite> ins, LinearSite out, Activation activation) {
        this.name = name;
        this.ins = List.copyOf(ins);
        this.out = out;
        this.activation = activation;
        this.kept = KeptIndices.all(out.op().in(), 1);
    }

    public String name() {
        return name;
    }

    public List<LinearSite> ins() {
        return ins;
    }

    public LinearSite out() {
        return out;
    }

    public Activation activation() {
        return activation;
    }

    /** Neurons now. */
    public int units() {
        return kept.rows().length;
    }

    /** Original indices of the neurons left. */
    public int[] keptUnits() {
        return kept.rows();
    }

    /** Removes all other neurons: rows of the layers in, columns of the layer out. */
    public void keepUnits(int[] units) {
        ins.forEach(in -> in.keepRows(units));
        out.keepColumns(units);
        kept = kept.rows(units);
    }

    /** The block as a plan sees it. */
    public FeedForwardSpec spec() {
        return new FeedForwardSpec(name, ins.stream().map(LinearSite::name).toList(), out.name(), units());
    }
}
