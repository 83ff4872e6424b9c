package org.cpet.plugin.losses;

import org.cpet.spi.NoOptions;
import org.cpet.spi.contract.TaskLossContract;
import org.cpet.spi.loss.TaskLossFactory;

class CrossEntropyContractTest implements TaskLossContract<NoOptions> {
    @Override
    public TaskLossFactory<NoOptions> factory() {
        return new CrossEntropyFactory();
    }
}
