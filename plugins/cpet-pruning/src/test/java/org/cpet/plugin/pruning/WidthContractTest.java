package org.cpet.plugin.pruning;

import java.util.Map;
import org.cpet.spi.contract.CompressorContract;

class WidthContractTest implements CompressorContract<StructuredPruningOptions> {
    @Override
    public StructuredPruningFactory factory() {
        return new StructuredPruningFactory();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("hidden", "0.5", "heads", "0.5");
    }
}
