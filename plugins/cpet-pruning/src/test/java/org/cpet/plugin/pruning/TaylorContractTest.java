package org.cpet.plugin.pruning;

import java.util.Map;
import org.cpet.spi.contract.CompressorContract;

class TaylorContractTest implements CompressorContract<StructuredPruningOptions> {
    @Override
    public StructuredPruningFactory factory() {
        return new StructuredPruningFactory();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("heads", "0.5", "ffn", "0.5", "criterion", "taylor");
    }
}
