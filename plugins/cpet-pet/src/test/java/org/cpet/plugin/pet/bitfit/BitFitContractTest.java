package org.cpet.plugin.pet.bitfit;

import org.cpet.spi.contract.PetMethodContract;
import org.cpet.spi.pet.PetMethodFactory;

class BitFitContractTest implements PetMethodContract<BitFitOptions> {
    @Override
    public PetMethodFactory<BitFitOptions> factory() {
        return new BitFitFactory();
    }
}
