package org.cpet.plugin.pet.full;

import java.util.List;
import org.cpet.spi.NoOptions;
import org.cpet.spi.contract.PetMethodContract;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.pet.PetMethodFactory;

class FullContractTest implements PetMethodContract<NoOptions> {
    @Override
    public PetMethodFactory<NoOptions> factory() {
        return new FullFactory();
    }

    @Override
    public List<ToySpec> toys() {
        return List.of(ToySpec.classifier(), ToySpec.languageModel().withTiedHead());
    }
}
