package org.cpet.plugin.quantization;

import java.util.Map;
import org.cpet.spi.contract.CompressorContract;

class Int8WeightOnlyContractTest implements CompressorContract<Int8Options> {
    @Override
    public Int8Factory factory() {
        return new Int8Factory();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("activations", "none");
    }
}
