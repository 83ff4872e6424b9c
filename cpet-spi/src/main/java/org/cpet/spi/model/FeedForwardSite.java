package org.cpet.spi.model;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.cpet.spi.tensor.Activation;
import org.cpet.spi.tensor.Ops;

/**
 * A feed-forward block: the layers into it (one, or gate and up), the layer out, and its neurons. Every neuron is computed
 * unless a {@link FeedForwardOp} was put here.
 */
public final class FeedForwardSite {
    private final String name;
    private final List<LinearSite> ins;
    private final LinearSite out;
    private Activation activation;
    private KeptIndices kept;
    private Optional<FeedForwardOp> op = Optional.empty();

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

    /** Original indices of the neurons left, in the order they have now. */
    public int[] keptUnits() {
        return kept.rows();
    }

    /** What computes the block instead of its layers one after the other. */
    public Optional<FeedForwardOp> op() {
        return op;
    }

    /**
     * out(inner(σ(in(x)))), or gated: out(inner(σ(gate(x)) ⊙ up(x))); x [.., hidden].
     *
     * @param inner what happens to the neurons, such as dropout
     */
    public NDArray forward(Ops ops, NDArray x, UnaryOperator<NDArray> inner, ForwardMode mode) {
        if (op.isPresent()) {
            return op.get().apply(x, inner, mode);
        }
        NDArray units = ops.activation(ins.get(0).forward(x, mode), activation);
        if (ins.size() > 1) {
            units = units.mul(ins.get(1).forward(x, mode));
        }
        return out.forward(out.shared(ops, inner.apply(units)), mode);
    }

    /** Lets {@code newOp} compute the block from here on; it must be the first. */
    public void replace(FeedForwardOp newOp) {
        checkOrdinary();
        op = Optional.of(newOp);
    }

    /** Puts another non-linearity between the layers. */
    public void activate(Activation newActivation) {
        checkOrdinary();
        activation = newActivation;
    }

    /** Removes all other neurons, and puts these in this order: rows of the layers in, columns of the layer out. */
    public void keepUnits(int[] units) {
        checkOrdinary();
        ins.forEach(in -> in.keepRows(units));
        out.keepColumns(units);
        kept = kept.rows(units);
    }

    /** The block as a plan sees it. */
    public FeedForwardSpec spec() {
        return new FeedForwardSpec(
                name,
                ins.stream().map(LinearSite::name).toList(),
                out.name(),
                units(),
                activation,
                op.map(FeedForwardOp::form).orElse(FeedForwardSpec.DENSE));
    }

    private void checkOrdinary() {
        if (op.isPresent()) {
            throw new IllegalStateException(
                    name + " is computed as " + op.get().form() + " and cannot be changed any more");
        }
    }
}
