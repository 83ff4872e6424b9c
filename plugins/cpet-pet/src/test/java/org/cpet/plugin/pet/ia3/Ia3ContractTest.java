package org.cpet.plugin.pet.ia3;

import org.cpet.spi.contract.PetMethodContract;
import org.cpet.spi.pet.PetMethodFactory;

class Ia3ContractTest implements PetMethodContract<Ia3Options> {
    @Override
    public PetMethodFactory<Ia3Options> factory() {
        return new Ia3Factory();
    }
}
