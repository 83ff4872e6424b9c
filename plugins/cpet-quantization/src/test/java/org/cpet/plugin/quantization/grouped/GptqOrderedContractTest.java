package org.cpet.plugin.quantization.grouped;

import java.util.Map;
import org.cpet.spi.contract.CompressorContract;

class GptqOrderedContractTest implements CompressorContract<GptqOptions> {
    @Override
    public GptqFactory factory() {
        return new GptqFactory();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("bits", "3", "group_size", "4", "act_order", "true");
    }
}
