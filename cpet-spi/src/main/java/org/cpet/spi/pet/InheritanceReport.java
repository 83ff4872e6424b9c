package org.cpet.spi.pet;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was inherited.
 *
 * @param inherited names of the tensors taken over whole
 * @param sliced names of the tensors cut to kept indices
 * @param missed names of the tensors that found nothing to inherit, with the reason
 * @param projected names of the tensors fitted to what the module taught on the original model gives out, with the error
 *     of the fit relative to that output, 0 for none
 */
public record InheritanceReport(
        List<String> inherited, List<String> sliced, List<String> missed, Map<String, Double> projected) {
    public InheritanceReport {
        inherited = List.copyOf(inherited);
        sliced = List.copyOf(sliced);
        missed = List.copyOf(missed);
        projected = Collections.unmodifiableMap(new LinkedHashMap<>(projected));
    }

    /** Without a fit. */
    public InheritanceReport(List<String> inherited, List<String> sliced, List<String> missed) {
        this(inherited, sliced, missed, Map.of());
    }

    /** The share of the module's tensors that were taken over, 0 to 1. */
    public double coverage() {
        int found = inherited.size() + sliced.size() + projected.size();
        int all = found + missed.size();
        return all == 0 ? 1.0 : (double) found / all;
    }
}
