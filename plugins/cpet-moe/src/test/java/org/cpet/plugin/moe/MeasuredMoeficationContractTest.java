package org.cpet.plugin.moe;

import java.util.List;
import java.util.Map;
import org.cpet.spi.contract.CompressorContract;
import org.cpet.spi.contract.ToySpec;

/** With everything that calibration rows decide. */
class MeasuredMoeficationContractTest implements CompressorContract<MoeficationOptions> {
    @Override
    public MoeficationFactory factory() {
        return new MoeficationFactory();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("experts", "3", "top_k", "1", "clustering", "coactivation", "router", "mlp");
    }

    @Override
    public List<ToySpec> toys() {
        return List.of(ToySpec.classifier().withRelu());
    }
}
