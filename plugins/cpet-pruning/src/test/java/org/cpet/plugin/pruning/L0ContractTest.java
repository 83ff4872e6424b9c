package org.cpet.plugin.pruning;

import java.util.Optional;
import org.cpet.spi.contract.CompressorContract;

class L0ContractTest implements CompressorContract<StructuredPruningOptions> {
    @Override
    public StructuredPruningFactory factory() {
        return new StructuredPruningFactory();
    }

    /** Few steps: weights at another place of memory may multiply to other last bits, which a long training grows. */
    @Override
    public StructuredPruningOptions options() {
        return new StructuredPruningOptions(
                0.5,
                0.5,
                0,
                0,
                Criterion.L0,
                Allocation.UNIFORM,
                Optional.empty(),
                256,
                Optional.of(new L0Options(10, 0.1, 0.1, 0.1)));
    }
}
