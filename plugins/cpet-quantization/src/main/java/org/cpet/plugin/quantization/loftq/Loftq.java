package org.cpet.plugin.quantization.loftq;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import org.cpet.plugin.quantization.WeightPacking;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.LowRankStart;
import org.cpet.spi.tensor.Ops;

/**
 * LoftQ (section 3): U and D start with zeros; in turns Ŵ = Q(W − U D), then U D becomes the nearest matrix of rank r to W −
 * Ŵ, √S of its singular values on each side. The layer holds the last Ŵ, the factors wait beside it for a LoRA.
 */
final class Loftq {
    private final Ops ops;
    private final WeightPacking packing;
    private final int rank;
    private final int iterations;

    Loftq(Ops ops, WeightPacking packing, int rank, int iterations) {
        this.ops = ops;
        this.packing = packing;
        this.rank = rank;
        this.iterations = iterations;
    }

    void apply(LinearSite site) {
        NDArray weight = ops.cast(site.op().weight(), DataType.FLOAT32);
        List<NDArray> bias = site.op().bias();
        int out = site.op().out();
        LinearOp packed = packing.pack(site.name(), weight, bias);
        NDArray factors = ops.rankFactors(weight.sub(packed.weight()), rank);
        for (int i = 1; i < iterations; i++) {
            packed.close();
            packed = packing.pack(site.name(), weight.sub(up(factors, out).matMul(down(factors, out))), bias);
            factors = ops.rankFactors(weight.sub(packed.weight()), rank);
        }
        LowRankStart start = new LowRankStart(ops.copy(down(factors, out)), ops.copy(up(factors, out)));
        site.replace(packed);
        site.leave(start);
    }

    private static NDArray up(NDArray factors, int out) {
        return factors.get(new NDIndex("0:" + out));
    }

    private static NDArray down(NDArray factors, int out) {
        return factors.get(new NDIndex(out + ":")).transpose();
    }
}
