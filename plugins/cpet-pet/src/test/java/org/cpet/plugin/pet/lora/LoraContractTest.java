package org.cpet.plugin.pet.lora;

import org.cpet.spi.contract.PetMethodContract;
import org.cpet.spi.pet.PetMethodFactory;

class LoraContractTest implements PetMethodContract<LoraOptions> {
    @Override
    public PetMethodFactory<LoraOptions> factory() {
        return new LoraFactory();
    }
}
