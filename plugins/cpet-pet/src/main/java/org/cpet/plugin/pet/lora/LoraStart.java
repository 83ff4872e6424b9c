package org.cpet.plugin.pet.lora;

import ai.djl.ndarray.NDArray;
import org.cpet.spi.OptionException;
import org.cpet.spi.lowrank.LowRankPair;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.LowRankStart;
import org.cpet.spi.tensor.Ops;

/** Where A and B start. */
public enum LoraStart {
    /** A Kaiming-uniform, B zeros: a fresh module changes nothing. */
    FRESH,
    /** The factors that the compressor {@code loftq} left: s B A is what packing took from the weight. */
    LOFTQ;

    /** Puts what a compressor left beside the pair's layer into the pair. */
    void fill(Ops ops, LowRankPair pair, double scale) {
        if (this == FRESH) {
            return;
        }
        String layer = pair.site().name();
        LowRankStart start = pair.site().start().orElseThrow(() -> nothing(layer));
        long rank = pair.down().value().getShape().get(0);
        if (start.rank() != rank) {
            throw new OptionException("init: loftq needs the r of the compressor; found r " + rank + " for the rank "
                    + start.rank() + " of " + layer + "; allowed r " + start.rank());
        }
        ops.assign(pair.down().value(), start.down());
        try (NDArray up = start.up().div(scale)) {
            ops.assign(pair.up().value(), up);
        }
    }

    /** Finds before any weight is read that a layer was not packed. */
    void check(LinearSpec linear) {
        if (this == LOFTQ && linear.storage().startsWith("float")) {
            throw nothing(linear.name());
        }
    }

    private static OptionException nothing(String layer) {
        return new OptionException("init: loftq starts from what a compressor left; found nothing at " + layer
                + "; allowed init: fresh, or" + " loftq under compression without a teacher");
    }
}
