package org.cpet.plugin.quantization.grouped;

import java.util.List;
import java.util.Optional;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.PetMethodContract;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;

class PeqaContractTest implements PetMethodContract<PeqaOptions> {
    @Override
    public PeqaFactory factory() {
        return new PeqaFactory();
    }

    @Override
    public ToyTransformer open(ContractSession session, ToySpec spec) {
        ToyTransformer model = ToyTransformer.open(session, spec);
        RtnOptions options = new RtnOptions(4, Optional.empty(), RangeSearch.MINMAX, List.of("all-linear"), List.of());
        new RtnFactory().create(options, session.context(1)).compress(model, CalibrationData.NONE);
        return model;
    }
}
