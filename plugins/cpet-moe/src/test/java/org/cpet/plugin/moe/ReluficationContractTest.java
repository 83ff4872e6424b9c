package org.cpet.plugin.moe;

import java.util.List;
import org.cpet.spi.NoOptions;
import org.cpet.spi.contract.CompressorContract;
import org.cpet.spi.contract.ToySpec;

class ReluficationContractTest implements CompressorContract<NoOptions> {
    @Override
    public ReluficationFactory factory() {
        return new ReluficationFactory();
    }

    @Override
    public List<ToySpec> toys() {
        return List.of(ToySpec.classifier(), ToySpec.classifier().withRelu());
    }
}
