package org.cpet.plugin.recovery;

import org.cpet.spi.contract.RecoveryMethodContract;
import org.cpet.spi.recover.RecoveryMethodFactory;

class BottleneckContractTest implements RecoveryMethodContract<BottleneckOptions> {
    @Override
    public RecoveryMethodFactory<BottleneckOptions> factory() {
        return new BottleneckFactory();
    }
}
