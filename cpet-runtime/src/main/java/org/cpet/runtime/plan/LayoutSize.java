package org.cpet.runtime.plan;

import java.util.Set;
import java.util.stream.Collectors;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;

/**
 * How large a model is.
 *
 * @param parameters values stored, pruned-away rows and columns not counted
 * @param bytes of all weights in memory
 */
public record LayoutSize(long parameters, long bytes) {
    private static final String DENSE = "float32";

    /**
     * The size of a layout.
     *
     * @param valueBytes bytes of a value that no compressor changed: 4, or 2 in half precision
     */
    static LayoutSize of(ModelLayout layout, int valueBytes) {
        Set<String> stored =
                layout.tensors().stream().map(tensor -> owner(tensor.name())).collect(Collectors.toSet());
        Set<String> linear = layout.linears().stream().map(LinearSpec::name).collect(Collectors.toSet());
        long others = layout.tensors().stream()
                .filter(tensor -> !linear.contains(owner(tensor.name())))
                .mapToLong(tensor -> tensor.shape().size())
                .sum();
        long parameters = others;
        long bytes = others * valueBytes;
        for (LinearSpec spec : layout.linears()) {
            // a tied head has no tensor of its own
            if (stored.contains(spec.name())) {
                parameters += parameters(spec);
                bytes += bytes(spec, valueBytes);
            }
        }
        return new LayoutSize(parameters, bytes);
    }

    private static String owner(String tensor) {
        return tensor.substring(0, Math.max(0, tensor.lastIndexOf('.')));
    }

    /** Weight and bias. */
    static long parameters(LinearSpec spec) {
        return (long) spec.out() * spec.in() + (spec.bias() ? spec.out() : 0);
    }

    /** Layouts count uncompressed layers in float32; a narrower type narrows those. */
    static long bytes(LinearSpec spec, int valueBytes) {
        return spec.storage().equals(DENSE) ? spec.bytes() / 4 * valueBytes : spec.bytes();
    }
}
