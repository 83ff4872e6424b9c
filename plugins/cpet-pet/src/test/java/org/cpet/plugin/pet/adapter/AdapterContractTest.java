package org.cpet.plugin.pet.adapter;

import java.util.Map;
import org.cpet.spi.contract.PetMethodContract;
import org.cpet.spi.pet.PetMethodFactory;

class AdapterContractTest implements PetMethodContract<AdapterOptions> {
    @Override
    public PetMethodFactory<AdapterOptions> factory() {
        return new AdapterFactory();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("bottleneck_dim", "3");
    }

    /** Attention and FFN give hidden states, whatever is left inside of them. */
    @Override
    public boolean isCutByNarrowing() {
        return false;
    }

    /** Both projections start near zero, not at it. */
    @Override
    public boolean startsWithoutEffect() {
        return false;
    }
}
