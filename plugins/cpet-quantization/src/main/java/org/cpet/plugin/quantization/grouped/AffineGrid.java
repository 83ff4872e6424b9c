package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;

/**
 * The numbers s (q − z) that codes q = 0 .. 2^b − 1 stand for. For a group of weights w: lo = min(w, 0), hi = max(w, 0),
 * both −1 and 1 where all are 0; s = (hi − lo) / (2^b − 1); z = round(−lo / s), half to even.
 *
 * @param scales s, float32 [out, groups, 1]
 * @param zeros z, float32 [out, groups, 1], whole numbers
 */
record AffineGrid(int bits, NDArray scales, NDArray zeros) {
    private static final int STEPS = 80;
    private static final double NORM = 2.4;
    private static final int[] COLUMNS = {2};

    /** @param weight float32 [out, groups, columns of a group] */
    static AffineGrid of(NDArray weight, int bits, RangeSearch search) {
        NDArray low = weight.min(COLUMNS, true).minimum(0);
        NDArray high = weight.max(COLUMNS, true).maximum(0);
        AffineGrid whole = over(bits, low, high);
        return search == RangeSearch.MINMAX ? whole : best(weight, whole, low, high);
    }

    /** q of each weight, float32. */
    NDArray codes(NDArray weight) {
        return steps(weight).clip(0, (1 << bits) - 1);
    }

    /** The codes that each weight would have if there were any number of them. */
    NDArray steps(NDArray weight) {
        return weight.div(scales).round().add(zeros);
    }

    /** s (q − z). */
    NDArray values(NDArray codes) {
        return codes.sub(zeros).mul(scales);
    }

    private static AffineGrid over(int bits, NDArray low, NDArray high) {
        float steps = (1 << bits) - 1;
        NDArray nothing = high.sub(low).div(steps).eq(0);
        NDArray from = NDArrays.where(nothing, low.onesLike().neg(), low);
        NDArray to = NDArrays.where(nothing, high.onesLike(), high);
        NDArray scales = to.sub(from).div(steps);
        return new AffineGrid(bits, scales, from.neg().div(scales).round());
    }

    private static AffineGrid best(NDArray weight, AffineGrid whole, NDArray low, NDArray high) {
        AffineGrid best = whole;
        NDArray smallest = whole.error(weight);
        for (int step = 1; step < STEPS; step++) {
            float share = 1f - step / 100f;
            AffineGrid tried = over(whole.bits, low.mul(share), high.mul(share));
            NDArray error = tried.error(weight);
            NDArray better = error.lt(smallest);
            smallest = NDArrays.where(better, error, smallest);
            best = new AffineGrid(
                    whole.bits,
                    NDArrays.where(better, tried.scales, best.scales),
                    NDArrays.where(better, tried.zeros, best.zeros));
        }
        return best;
    }

    private NDArray error(NDArray weight) {
        return values(codes(weight)).sub(weight).abs().pow(NORM).sum(COLUMNS, true);
    }
}
