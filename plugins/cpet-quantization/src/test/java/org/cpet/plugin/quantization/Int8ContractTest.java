package org.cpet.plugin.quantization;

import org.cpet.spi.contract.CompressorContract;

class Int8ContractTest implements CompressorContract<Int8Options> {
    @Override
    public Int8Factory factory() {
        return new Int8Factory();
    }
}
