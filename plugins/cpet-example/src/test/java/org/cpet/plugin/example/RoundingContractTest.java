package org.cpet.plugin.example;

import org.cpet.spi.contract.CompressorContract;

/** Every check of the SPI for {@code rounding}. */
class RoundingContractTest implements CompressorContract<RoundingOptions> {
    @Override
    public RoundingFactory factory() {
        return new RoundingFactory();
    }
}
