package org.cpet.plugin.losses;

import java.util.Map;
import org.cpet.spi.contract.DistillationLossContract;
import org.cpet.spi.loss.DistillationLossFactory;

class LayerwiseHiddenMseContractTest implements DistillationLossContract<LayerwiseHiddenOptions> {
    @Override
    public DistillationLossFactory<LayerwiseHiddenOptions> factory() {
        return new LayerwiseHiddenMseFactory();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("reduction", "sum_per_example");
    }
}
