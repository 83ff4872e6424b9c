package org.cpet.plugin.losses;

import java.util.Map;
import org.cpet.spi.contract.DistillationLossContract;
import org.cpet.spi.loss.DistillationLossFactory;

class LogitsKlContractTest implements DistillationLossContract<LogitsKlOptions> {
    @Override
    public DistillationLossFactory<LogitsKlOptions> factory() {
        return new LogitsKlFactory();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("temperature", "2");
    }
}
