package org.cpet.plugin.adapters.compeft;

import java.util.Map;
import org.cpet.spi.contract.AdapterCodecContract;

class DenseCompeftContractTest implements AdapterCodecContract<CompeftOptions> {
    @Override
    public CompeftFactory factory() {
        return new CompeftFactory();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("density", "1");
    }
}
