package org.cpet.plugin.example;

import org.cpet.spi.contract.DistillationLossContract;

/** Every check of the SPI for {@code logits_l1}. */
class LogitsL1ContractTest implements DistillationLossContract<LogitsL1Options> {
    @Override
    public LogitsL1Factory factory() {
        return new LogitsL1Factory();
    }
}
