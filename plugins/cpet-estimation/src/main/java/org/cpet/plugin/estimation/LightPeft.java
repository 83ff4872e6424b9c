package org.cpet.plugin.estimation;

import org.cpet.spi.PluginContext;
import org.cpet.spi.estimate.Estimation;
import org.cpet.spi.estimate.EstimationMethod;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.RankedPet;

/**
 * Light-PEFT, section 3: L = L_task + λ (Σ|m_A| + Σ|m_F|) with a mask m_A for each head and m_F for each FFN neuron, all 1
 * at the start. What has the lowest masks goes; so do the PET's modules that change their layer's output least, and the
 * ranks whose removal would change the loss least.
 */
final class LightPeft implements EstimationMethod {
    private final LightPeftOptions options;
    private final PluginContext context;

    LightPeft(LightPeftOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
    }

    @Override
    public int steps() {
        return options.steps();
    }

    @Override
    public ModelLayout plan(ModelLayout layout) {
        return layout.narrow(
                block -> Counts.kept(block.groups(), options.heads()),
                block -> Counts.kept(block.units(), options.ffn()));
    }

    @Override
    public Estimation start(TransformerModel model, RankedPet pet) {
        return new LightPeftEstimation(options, context.ops(), model, pet);
    }
}
