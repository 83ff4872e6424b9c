package org.cpet.plugin.example;

import java.util.Map;
import org.cpet.spi.contract.PetMethodContract;

/** Every check of the SPI for {@code shift}. */
class ShiftContractTest implements PetMethodContract<ShiftOptions> {
    @Override
    public ShiftFactory factory() {
        return new ShiftFactory();
    }

    /** Values for keys without a default. */
    @Override
    public Map<String, String> settings() {
        return Map.of("target_modules", "[query, value]");
    }
}
