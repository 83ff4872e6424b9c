package org.cpet.plugin.pruning;

import java.util.Map;
import org.cpet.spi.contract.CompressorContract;

class WandaContractTest implements CompressorContract<UnstructuredPruningOptions> {
    @Override
    public UnstructuredPruningFactory factory() {
        return new UnstructuredPruningFactory();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("sparsity", "0.5", "criterion", "wanda");
    }
}
