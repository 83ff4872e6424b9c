package org.cpet.plugin.adapters.compeft;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cpet.plugin.adapters.ternary.GolombCode;
import org.cpet.spi.adapter.SavedAdapter;

/** What {@code cpet adapter info} says of a packed adapter. */
final class CompeftFacts {
    private CompeftFacts() {}

    static Map<String, Object> of(TernaryAdapter adapter) {
        SavedAdapter saved = adapter.saved();
        long size = adapter.size();
        double share = size == 0 ? 0 : (double) adapter.count() / size;
        long bytes = saved.streams().values().stream()
                .mapToLong(stream -> stream.length)
                .sum();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("density", adapter.options().density());
        facts.put("kept", adapter.count());
        facts.put("alpha", adapter.options().alpha());
        if (adapter.options().perTensor()) {
            facts.put("scales", adapter.parts().size());
        } else {
            facts.put("sigma", adapter.parts().get(0).sigma());
            facts.put("scale", adapter.scale(0));
        }
        facts.put("encoding", saved.value(CompeftFile.ENCODING));
        facts.put("stream_bytes", bytes);
        facts.put("bits_per_parameter", size == 0 ? 0 : 8.0 * bytes / size);
        facts.put("golomb_bits_per_parameter", GolombCode.of(share).expectedBits(share));
        facts.put("entropy_bits_per_parameter", entropy(share));
        facts.put("times_smaller_than_16_bits", bytes == 0 ? 0 : 2.0 * size / bytes);
        return facts;
    }

    /** −[(1 − k) log₂(1 − k) + k log₂(k / 2)]. */
    static double entropy(double k) {
        double zeros = k >= 1 ? 0 : (1 - k) * Math.log(1 - k);
        double signs = k <= 0 ? 0 : k * Math.log(k / 2);
        return -(zeros + signs) / Math.log(2);
    }
}
