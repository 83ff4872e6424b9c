package org.cpet.plugin.adapters.merging;

import org.cpet.spi.contract.AdapterMergerContract;

class TaskArithmeticContractTest implements AdapterMergerContract<TaskArithmeticOptions> {
    @Override
    public TaskArithmeticFactory factory() {
        return new TaskArithmeticFactory();
    }
}
