package org.cpet.spi.recover;

import java.util.Map;
import org.cpet.spi.model.TrainableModule;

/** A recovery module in a compressed model. */
public interface RecoveryModule extends TrainableModule {
    /** What {@code recovery_config.json} says, the method's name aside. */
    Map<String, Object> config();
}
