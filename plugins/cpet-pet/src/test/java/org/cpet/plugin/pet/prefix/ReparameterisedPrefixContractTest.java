package org.cpet.plugin.pet.prefix;

import java.util.Map;
import org.cpet.spi.contract.PetMethodContract;

class ReparameterisedPrefixContractTest implements PetMethodContract<PrefixOptions> {
    @Override
    public PrefixFactory factory() {
        return new PrefixFactory();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("num_virtual_tokens", "3", "reparameterisation", "true", "encoder_hidden_size", "5");
    }

    @Override
    public boolean startsWithoutEffect() {
        return false;
    }
}
