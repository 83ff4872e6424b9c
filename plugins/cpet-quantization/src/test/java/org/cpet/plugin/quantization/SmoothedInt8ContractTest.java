package org.cpet.plugin.quantization;

import java.util.Map;
import org.cpet.spi.contract.CompressorContract;

class SmoothedInt8ContractTest implements CompressorContract<Int8Options> {
    @Override
    public Int8Factory factory() {
        return new Int8Factory();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("smooth", "0.5", "outliers", "1.5");
    }
}
