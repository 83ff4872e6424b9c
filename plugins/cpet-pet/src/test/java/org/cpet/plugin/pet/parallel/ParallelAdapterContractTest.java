package org.cpet.plugin.pet.parallel;

import java.util.Map;
import org.cpet.spi.contract.PetMethodContract;
import org.cpet.spi.pet.PetMethodFactory;

class ParallelAdapterContractTest implements PetMethodContract<ParallelAdapterOptions> {
    @Override
    public PetMethodFactory<ParallelAdapterOptions> factory() {
        return new ParallelAdapterFactory();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("bottleneck_dim", "3", "scale", "0.5");
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
