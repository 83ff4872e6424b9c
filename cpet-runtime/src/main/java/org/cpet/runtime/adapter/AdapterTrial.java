package org.cpet.runtime.adapter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.cpet.runtime.interop.UnpackedTensors;
import org.cpet.spi.adapter.AdapterTensor;
import org.cpet.spi.adapter.AdapterVector;
import org.cpet.spi.adapter.PackedAdapter;

/** Tries adapters on a model and rows of data. */
public final class AdapterTrial {
    private final AdapterBench bench;
    private final Consumer<String> notices;

    public AdapterTrial(AdapterBench bench, Consumer<String> notices) {
        this.bench = bench;
        this.notices = notices;
    }

    /** A model that takes adapters on and off. */
    @FunctionalInterface
    public interface AdapterBench {
        /** The mean loss on the rows with these tensors, by their keys in the adapter's files. */
        double loss(Map<AdapterTensor, float[]> tensors);
    }

    /** The loss with a vector for each half of an adapter. */
    double loss(LoadedAdapter adapter, List<? extends AdapterVector> vectors) {
        Map<AdapterTensor, float[]> tensors = new LinkedHashMap<>();
        List<AdapterHalf> halves = AdapterWriter.halves(adapter);
        for (int i = 0; i < halves.size(); i++) {
            tensors.putAll(UnpackedTensors.of(vectors.get(i), halves.get(i).initial()));
        }
        return bench.loss(tensors);
    }

    /** Which candidate has the lowest loss, the first among equals; each half has as many. */
    int best(LoadedAdapter adapter, List<List<PackedAdapter>> choices) {
        List<String> tried = new ArrayList<>();
        int best = 0;
        double lowest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < choices.get(0).size(); i++) {
            int candidate = i;
            double loss = loss(
                    adapter, choices.stream().map(each -> each.get(candidate)).toList());
            Object setting = choices.get(0).get(i).facts().getOrDefault("alpha", i);
            tried.add(setting + ": " + String.format(Locale.ROOT, "%.4f", loss));
            if (loss < lowest) {
                lowest = loss;
                best = i;
            }
        }
        notices.accept("loss at each alpha: " + String.join(", ", tried));
        return best;
    }
}
