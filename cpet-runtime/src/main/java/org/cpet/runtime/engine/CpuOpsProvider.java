package org.cpet.runtime.engine;

import org.cpet.spi.tensor.OpsProvider;

/** Operations on the CPU for tests and tools that know only the SPI. */
public final class CpuOpsProvider implements OpsProvider {
    @Override
    public Session open() {
        return EngineSession.open(DeviceChoice.parse("cpu"), 0);
    }
}
