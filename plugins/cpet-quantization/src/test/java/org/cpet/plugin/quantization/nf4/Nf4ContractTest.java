package org.cpet.plugin.quantization.nf4;

import org.cpet.spi.contract.CompressorContract;

class Nf4ContractTest implements CompressorContract<Nf4Options> {
    @Override
    public Nf4Factory factory() {
        return new Nf4Factory();
    }
}
