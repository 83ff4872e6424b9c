package org.cpet.spi.compress;

import java.util.List;
import java.util.Map;

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
            long bytesAfter) {}
}
