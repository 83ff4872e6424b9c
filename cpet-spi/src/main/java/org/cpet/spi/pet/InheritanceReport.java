package org.cpet.spi.pet;

import java.util.List;

/**
 * What was inherited.
 *
 * @param inherited names of the tensors taken over whole
 * @param sliced names of the tensors cut to kept indices
 * @param missed names of the tensors that found nothing to inherit, with the reason
 */
public record InheritanceReport(List<String> inherited, List<String> sliced, List<String> missed) {
    public InheritanceReport {
        inherited = List.copyOf(inherited);
        sliced = List.copyOf(sliced);
        missed = List.copyOf(missed);
    }

    /** The share of the module's tensors that were taken over, 0 to 1. */
    public double coverage() {
        int found = inherited.size() + sliced.size();
        int all = found + missed.size();
        return all == 0 ? 1.0 : (double) found / all;
    }
}
