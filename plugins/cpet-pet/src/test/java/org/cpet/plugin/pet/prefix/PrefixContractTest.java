package org.cpet.plugin.pet.prefix;

import org.cpet.spi.contract.PetMethodContract;

class PrefixContractTest implements PetMethodContract<PrefixOptions> {
    @Override
    public PrefixFactory factory() {
        return new PrefixFactory();
    }

    @Override
    public boolean startsWithoutEffect() {
        return false;
    }
}
