package org.cpet.plugin.pet.lora;

import java.util.Map;
import org.cpet.spi.contract.PetMethodContract;
import org.cpet.spi.pet.PetMethodFactory;

class RankStabilizedContractTest implements PetMethodContract<LoraOptions> {
    @Override
    public PetMethodFactory<LoraOptions> factory() {
        return new LoraFactory();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("target_modules", "[query, value, out]", "use_rslora", "true");
    }
}
