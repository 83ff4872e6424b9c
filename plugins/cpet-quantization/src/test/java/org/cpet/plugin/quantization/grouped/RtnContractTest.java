package org.cpet.plugin.quantization.grouped;

import org.cpet.spi.contract.CompressorContract;

class RtnContractTest implements CompressorContract<RtnOptions> {
    @Override
    public RtnFactory factory() {
        return new RtnFactory();
    }
}
