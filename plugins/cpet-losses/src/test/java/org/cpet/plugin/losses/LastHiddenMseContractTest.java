package org.cpet.plugin.losses;

import org.cpet.spi.contract.DistillationLossContract;
import org.cpet.spi.loss.DistillationLossFactory;

class LastHiddenMseContractTest implements DistillationLossContract<MeanSquaredErrorOptions> {
    @Override
    public DistillationLossFactory<MeanSquaredErrorOptions> factory() {
        return new LastHiddenMseFactory();
    }
}
