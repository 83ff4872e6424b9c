package org.cpet.plugin.adapters.merging;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.cpet.spi.PluginContext;
import org.cpet.spi.adapter.AdapterMerger;
import org.cpet.spi.adapter.AdapterObjective;
import org.cpet.spi.adapter.AdapterVector;

/**
 * LoraHub (Huang et al., 2023): τ = Σᵢ wᵢ τᵢ, for LoRA in A and in B each, with the weights that make few-shot loss +
 * penalty · mean |w| smallest, found without gradients from w = 0 on by {@link EvolutionSearch}.
 */
final class LoraHub implements AdapterMerger {
    private final LoraHubOptions options;
    private final PluginContext context;

    LoraHub(LoraHubOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
    }

    @Override
    public boolean needsObjective() {
        return true;
    }

    @Override
    public AdapterVector merge(List<? extends AdapterVector> experts, AdapterObjective objective) {
        List<AdapterVector> dense =
                experts.stream().<AdapterVector>map(AdapterVector::unpack).toList();
        EvolutionSearch search = new EvolutionSearch(options.bound(), options.budget(), context.random("lorahub"));
        EvolutionSearch.Found found = search.minimize(dense.size(), weights -> {
            List<Double> tried = Arrays.stream(weights).boxed().toList();
            return objective.loss(new WeightedSum(dense, tried)) + options.penalty() * meanMagnitude(weights);
        });
        context.notice("weights "
                + found.point().stream().map(LoraHub::shown).collect(Collectors.joining(" ")) + "; objective "
                + shown(found.first()) + " with all 0, " + shown(found.value()) + " with these, " + options.budget()
                + " tried");
        return new WeightedSum(List.copyOf(experts), found.point());
    }

    private static double meanMagnitude(double[] weights) {
        return Arrays.stream(weights).map(Math::abs).average().orElse(0);
    }

    private static String shown(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
