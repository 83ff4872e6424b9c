package org.cpet.plugin.quantization.loftq;

import java.util.Map;
import org.cpet.spi.contract.CompressorContract;

class LoftqContractTest implements CompressorContract<LoftqOptions> {
    @Override
    public LoftqFactory factory() {
        return new LoftqFactory();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("r", "2");
    }
}
