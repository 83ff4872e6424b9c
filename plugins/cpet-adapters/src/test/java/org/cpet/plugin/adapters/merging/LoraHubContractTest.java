package org.cpet.plugin.adapters.merging;

import org.cpet.spi.contract.AdapterMergerContract;

class LoraHubContractTest implements AdapterMergerContract<LoraHubOptions> {
    @Override
    public LoraHubFactory factory() {
        return new LoraHubFactory();
    }
}
