package org.cpet.plugin.moe;

import java.util.List;
import java.util.Map;
import org.cpet.spi.contract.CompressorContract;
import org.cpet.spi.contract.ToySpec;

class MoeficationContractTest implements CompressorContract<MoeficationOptions> {
    @Override
    public MoeficationFactory factory() {
        return new MoeficationFactory();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("experts", "4", "share", "0.5");
    }

    @Override
    public List<ToySpec> toys() {
        return List.of(
                ToySpec.classifier().withRelu(),
                ToySpec.classifier().withRelu().grouped(2).seeded(3));
    }
}
