package org.cpet.plugin.pet.nonlinear;

import org.cpet.spi.contract.PetMethodContract;
import org.cpet.spi.pet.PetMethodFactory;

class BottleneckContractTest implements PetMethodContract<BottleneckOptions> {
    @Override
    public PetMethodFactory<BottleneckOptions> factory() {
        return new BottleneckFactory();
    }
}
