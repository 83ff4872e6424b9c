package org.cpet.plugin.quantization.grouped;

import java.util.Map;
import org.cpet.spi.contract.CompressorContract;

class RtnGroupsContractTest implements CompressorContract<RtnOptions> {
    @Override
    public RtnFactory factory() {
        return new RtnFactory();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("bits", "3", "group_size", "4", "range", "grid");
    }
}
