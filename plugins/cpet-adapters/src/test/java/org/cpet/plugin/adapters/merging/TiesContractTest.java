package org.cpet.plugin.adapters.merging;

import org.cpet.spi.contract.AdapterMergerContract;

class TiesContractTest implements AdapterMergerContract<TiesOptions> {
    @Override
    public TiesFactory factory() {
        return new TiesFactory();
    }
}
