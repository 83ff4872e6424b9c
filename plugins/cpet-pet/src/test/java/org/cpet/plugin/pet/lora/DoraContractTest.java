package org.cpet.plugin.pet.lora;

import java.util.Map;
import org.cpet.spi.contract.PetMethodContract;
import org.cpet.spi.pet.PetMethodFactory;
import org.junit.jupiter.api.Test;

class DoraContractTest implements PetMethodContract<LoraOptions> {
    @Override
    public PetMethodFactory<LoraOptions> factory() {
        return new LoraFactory();
    }

    /** Layers that lose no columns: what DoRA learnt of others is not inherited. */
    @Override
    public Map<String, String> settings() {
        return Map.of("target_modules", "[query, value]", "use_dora", "true");
    }

    /** The gradient takes the lengths of the rows as constants, so differences of the loss are not its measure. */
    @Override
    @Test
    public void gradientsAgreeWithFiniteDifferences() {
        try (DoraGradients gradients = new DoraGradients()) {
            gradients.assertAgree();
        }
    }
}
