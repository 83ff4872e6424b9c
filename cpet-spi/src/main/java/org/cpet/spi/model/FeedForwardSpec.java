package org.cpet.spi.model;

import java.util.List;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.tensor.Activation;

/**
 * A feed-forward block as a plan sees it.
 *
 * @param name the module that owns the layers, for example {@code bert.encoder.layer.0}
 * @param ins the layers into the FFN: one, or gate and up
 * @param out the layer out of it
 * @param units its neurons
 * @param activation between the layers
 * @param form how it is computed: {@link #DENSE}, or what a {@link FeedForwardOp} calls itself
 */
public record FeedForwardSpec(
        String name, List<String> ins, String out, int units, Activation activation, String form) {
    /** Every neuron for every token. */
    public static final String DENSE = "dense";

    public FeedForwardSpec {
        ins = List.copyOf(ins);
    }

    /** A block that computes every neuron. */
    public FeedForwardSpec(String name, List<String> ins, String out, int units, Activation activation) {
        this(name, ins, out, units, activation, DENSE);
    }

    /** Whether a second layer in multiplies what the first one gives. */
    public boolean gated() {
        return ins.size() > 1;
    }

    /** Whether every neuron is computed for every token. */
    public boolean isDense() {
        return form.equals(DENSE);
    }

    /**
     * The same block with fewer neurons.
     *
     * @throws CpetException when its neurons are tied together as experts
     */
    public FeedForwardSpec withUnits(int newUnits) {
        if (newUnits != units && !isDense()) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    "FFN " + name + " is computed as " + form + " and cannot lose neurons; put what removes them before"
                            + " that");
        }
        return new FeedForwardSpec(name, ins, out, newUnits, activation, form);
    }

    /** The same block with another non-linearity. */
    public FeedForwardSpec withActivation(Activation newActivation) {
        return new FeedForwardSpec(name, ins, out, units, newActivation, form);
    }

    /** The same block computed another way. */
    public FeedForwardSpec withForm(String newForm) {
        return new FeedForwardSpec(name, ins, out, units, activation, newForm);
    }
}
