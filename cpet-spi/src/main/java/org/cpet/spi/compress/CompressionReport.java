package org.cpet.spi.compress;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.LinearSpec;

/**
 * What a compressor did.
 *
 * @param method its name
 * @param sites one line for each layer touched
 * @param keptGroups key/value heads left, by attention, counted in the model as it was before this compressor
 * @param keptUnits neurons left, by FFN, counted likewise
 */
public record CompressionReport(
        String method, List<SiteChange> sites, Map<String, int[]> keptGroups, Map<String, int[]> keptUnits) {
    public CompressionReport {
        sites = List.copyOf(sites);
    }

    /** A report without structural changes. */
    public static CompressionReport of(String method, List<SiteChange> sites) {
        return new CompressionReport(method, sites, Map.of(), Map.of());
    }

    /** One layer: what it held before and after. */
    public record SiteChange(
            String name,
            long parametersBefore,
            long parametersAfter,
            long nonZeroAfter,
            long bytesBefore,
            long bytesAfter) {
        /**
         * Compares a layer with what it was; weight and bias count as parameters, scales do not. Waits for the device, and
         * needs an open scope where the layer's weight is not dense.
         */
        public static SiteChange between(LinearSpec before, LinearSite after) {
            LinearOp op = after.op();
            List<NDArray> bias = op.bias();
            long nonZero = nonZero(op.weight()) + (bias.isEmpty() ? 0 : nonZero(bias.get(0)));
            return new SiteChange(
                    after.name(), parameters(before), parameters(after.spec()), nonZero, before.bytes(), op.bytes());
        }

        /** A layer that is gone. */
        public static SiteChange removed(LinearSpec before) {
            return new SiteChange(before.name(), parameters(before), 0, 0, before.bytes(), 0);
        }

        private static long parameters(LinearSpec layer) {
            return (long) layer.out() * layer.in() + (layer.bias() ? layer.out() : 0);
        }

        private static long nonZero(NDArray values) {
            try (NDArray counted = values.neq(0);
                    NDArray count = counted.sum()) {
                return count.getLong();
            }
        }
    }
}
