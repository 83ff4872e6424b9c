package org.cpet.plugin.quantization.grouped;

import org.cpet.spi.contract.CompressorContract;

class GptqContractTest implements CompressorContract<GptqOptions> {
    @Override
    public GptqFactory factory() {
        return new GptqFactory();
    }
}
