package org.cpet.plugin.adapters.compeft;

import java.util.ArrayList;
import java.util.List;
import org.cpet.plugin.adapters.ternary.LargestMagnitudes;
import org.cpet.plugin.adapters.ternary.TernaryMask;
import org.cpet.spi.InputException;
import org.cpet.spi.PluginContext;
import org.cpet.spi.adapter.AdapterCodec;
import org.cpet.spi.adapter.AdapterTensor;
import org.cpet.spi.adapter.PackedAdapter;
import org.cpet.spi.adapter.SavedAdapter;
import org.cpet.spi.adapter.TaskVector;

/**
 * τ̃ = α · σ(τ) · γ (ComPEFT, algorithm 1): γ the signs of the ⌊d · density⌋ largest of |τ|, ties to the lowest index, and σ
 * the standard deviation of all d entries of τ before any is dropped, with divisor d − 1.
 */
final class Compeft implements AdapterCodec {
    /** The paper's values of α. */
    static final List<Double> GRID = List.of(0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0);

    private final CompeftOptions options;
    private final PluginContext context;

    Compeft(CompeftOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
    }

    @Override
    public int version() {
        return CompeftFile.VERSION;
    }

    @Override
    public TernaryAdapter pack(TaskVector vector) {
        List<TernaryPart> parts = new ArrayList<>();
        for (int i = 0; i < vector.tensors().size(); i++) {
            requireFinite(vector.tensors().get(i), vector.values().get(i));
            if (options.perTensor()) {
                parts.add(part(
                        List.of(vector.values().get(i)), vector.tensors().get(i).name()));
            }
        }
        if (!options.perTensor()) {
            parts.add(part(vector.values(), "the adapter"));
        }
        TernaryAdapter packed = new TernaryAdapter(vector.tensors(), options, parts);
        long zeros = parts.stream()
                        .mapToLong(part -> options.kept(part.mask().length()))
                        .sum()
                - packed.count();
        if (zeros > 0) {
            context.notice(zeros + " of the largest " + options.density() * 100
                    + " % of entries are 0 and have no sign; " + packed.count() + " are kept");
        }
        return packed;
    }

    @Override
    public List<PackedAdapter> candidates(TaskVector vector) {
        TernaryAdapter packed = pack(vector);
        return GRID.stream().<PackedAdapter>map(packed::withAlpha).toList();
    }

    @Override
    public PackedAdapter read(List<AdapterTensor> tensors, SavedAdapter saved) {
        return CompeftFile.read(tensors, saved);
    }

    private TernaryPart part(List<float[]> values, String what) {
        TernaryMask mask = LargestMagnitudes.mark(
                values,
                options.kept(values.stream().mapToLong(array -> array.length).sum()));
        double sigma = StandardDeviation.of(values);
        if (sigma == 0 && mask.count() > 0) {
            throw new InputException(
                    "all entries of " + what + " are the same, so their standard deviation, the scale of"
                            + " what is kept, is 0; allowed entries that differ");
        }
        return new TernaryPart(mask, sigma);
    }

    private static void requireFinite(AdapterTensor tensor, float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new InputException(
                        "entry " + i + " of " + tensor.name() + "; found " + values[i] + "; allowed finite numbers");
            }
        }
    }
}
