package org.cpet.plugin.pet.prefix;

import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModulePlan;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetModule;

/**
 * Prefix tuning: every query of an attention also sees trained keys and values [virtual tokens, groups · head dim], as if
 * so many tokens stood before the row (Li and Liang 2021). Real tokens' positions start behind them; virtual keys carry no
 * rotary position. A fresh prefix changes the outputs a little.
 */
final class Prefix implements PetMethod {
    private final PrefixOptions options;
    private final PluginContext context;

    Prefix(PrefixOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
    }

    @Override
    public ModulePlan plan(ModelLayout layout) {
        PrefixShape shape = PrefixShape.of(layout, options);
        Map<String, Long> parameters = new LinkedHashMap<>();
        if (options.reparameterisation()) {
            parameters.put("prefix", Reparameterisation.shared(shape.tokens(), layout.hiddenSize(), hidden(layout)));
        }
        for (Slot slot : shape.slots()) {
            parameters.put(
                    slot.name(),
                    options.reparameterisation()
                            ? Reparameterisation.ofSlot(slot, hidden(layout))
                            : (long) shape.tokens() * slot.width());
        }
        return new ModulePlan(parameters, List.of());
    }

    @Override
    public PetModule attach(TransformerModel model) {
        ModelLayout layout = model.layout();
        NDManager manager = model.manager();
        PrefixShape shape = PrefixShape.of(layout, options);
        PrefixTensors tensors = options.reparameterisation()
                ? new Reparameterisation(shape, layout.hiddenSize(), hidden(layout), context, manager)
                : PlainPrefix.fresh(shape, context, manager);
        PrefixModule module = new PrefixModule(context.ops(), options, model, shape, tensors);
        module.attach();
        return module;
    }

    private int hidden(ModelLayout layout) {
        return options.encoderHiddenSize().orElse(layout.hiddenSize());
    }
}
