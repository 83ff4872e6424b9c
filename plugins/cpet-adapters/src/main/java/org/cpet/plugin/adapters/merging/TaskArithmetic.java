package org.cpet.plugin.adapters.merging;

import java.util.Collections;
import java.util.List;
import org.cpet.spi.adapter.AdapterMerger;
import org.cpet.spi.adapter.AdapterObjective;
import org.cpet.spi.adapter.AdapterVector;

/** τ = λ Σᵢ τᵢ (Ilharco et al., 2023). The sum of packed vectors stays packed until it is asked for its values. */
final class TaskArithmetic implements AdapterMerger {
    private final TaskArithmeticOptions options;

    TaskArithmetic(TaskArithmeticOptions options) {
        this.options = options;
    }

    @Override
    public AdapterVector merge(List<? extends AdapterVector> experts, AdapterObjective objective) {
        return new WeightedSum(List.copyOf(experts), Collections.nCopies(experts.size(), options.lambda()));
    }
}
