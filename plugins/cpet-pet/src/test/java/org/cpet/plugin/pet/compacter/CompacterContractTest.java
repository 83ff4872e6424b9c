package org.cpet.plugin.pet.compacter;

import java.util.Map;
import org.cpet.spi.contract.PetMethodContract;
import org.cpet.spi.pet.PetMethodFactory;

class CompacterContractTest implements PetMethodContract<CompacterOptions> {
    @Override
    public PetMethodFactory<CompacterOptions> factory() {
        return new CompacterFactory();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("reduction_factor", "2");
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
