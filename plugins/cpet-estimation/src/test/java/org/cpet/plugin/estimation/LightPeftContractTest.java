package org.cpet.plugin.estimation;

import org.cpet.spi.contract.ExtensionContract;

class LightPeftContractTest implements ExtensionContract<LightPeftFactory, LightPeftOptions> {
    @Override
    public LightPeftFactory factory() {
        return new LightPeftFactory();
    }
}
