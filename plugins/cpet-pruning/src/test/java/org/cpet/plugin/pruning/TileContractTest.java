package org.cpet.plugin.pruning;

import java.util.Map;
import org.cpet.spi.contract.CompressorContract;

class TileContractTest implements CompressorContract<UnstructuredPruningOptions> {
    @Override
    public UnstructuredPruningFactory factory() {
        return new UnstructuredPruningFactory();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("pattern", "2d");
    }
}
