package org.cpet.plugin.example;

import org.cpet.spi.contract.RecoveryMethodContract;

/** Every check of the SPI for {@code diagonal}. */
class DiagonalContractTest implements RecoveryMethodContract<DiagonalOptions> {
    @Override
    public DiagonalFactory factory() {
        return new DiagonalFactory();
    }
}
