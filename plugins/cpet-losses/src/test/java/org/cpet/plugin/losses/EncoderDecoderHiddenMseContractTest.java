package org.cpet.plugin.losses;

import java.util.List;
import java.util.Map;
import org.cpet.spi.contract.DistillationLossContract;
import org.cpet.spi.loss.DistillationLossFactory;
import org.cpet.spi.model.ModelTask;

class EncoderDecoderHiddenMseContractTest implements DistillationLossContract<EncoderDecoderHiddenOptions> {
    @Override
    public DistillationLossFactory<EncoderDecoderHiddenOptions> factory() {
        return new EncoderDecoderHiddenMseFactory();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("encoder_alpha", "0.005");
    }

    @Override
    public List<ModelTask> tasks() {
        return List.of(ModelTask.SEQ2SEQ_LM);
    }
}
