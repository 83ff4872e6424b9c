package org.cpet.plugin.pet.bitfit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.cpet.plugin.pet.part.Part;
import org.cpet.plugin.pet.part.PartsModule;
import org.cpet.plugin.pet.peft.OwnConfig;
import org.cpet.spi.OptionException;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.LinearRole;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModulePlan;
import org.cpet.spi.model.TargetModules;
import org.cpet.spi.model.TensorSpec;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetModule;

/**
 * BitFit (Ben Zaken et al. 2022): the biases of layers and norms are trained and nothing else. LLaMA and T5 have none; with
 * {@code add_missing} their layers get one that starts at 0, as in OpenDelta.
 */
final class BitFit implements PetMethod {
    static final String PEFT_TYPE = "CPET_BITFIT";

    private static final String BIAS = ".bias";

    private final BitFitOptions options;
    private final PluginContext context;

    BitFit(BitFitOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
    }

    /** As many parameters as there are outputs of a layer, or channels of a norm. */
    @Override
    public ModulePlan plan(ModelLayout layout) {
        Map<String, Long> parameters = new LinkedHashMap<>();
        layers(layout).forEach(linear -> parameters.put(linear.name(), (long) linear.out()));
        norms(layout)
                .forEach(tensor -> parameters.put(tensor.name(), tensor.shape().size()));
        List<String> unmatched = options.targetModules()
                .map(endings -> new TargetModules(endings).unmatched(layout))
                .orElse(List.of());
        if (parameters.isEmpty() && unmatched.isEmpty()) {
            throw new OptionException("bitfit finds no bias in this model; found add_missing " + options.addMissing()
                    + "; allowed add_missing true with layers of attention and FFN");
        }
        return new ModulePlan(parameters, unmatched);
    }

    @Override
    public PetModule attach(TransformerModel model) {
        options.targetModules().ifPresent(endings -> new TargetModules(endings).sites(model));
        Set<String> chosen = plan(model.layout()).parameters().keySet();
        List<Part> parts = new ArrayList<>();
        model.linears().stream()
                .filter(site -> chosen.contains(site.name()))
                .forEach(site -> parts.add(new LayerBias(context.ops(), model.manager(), site)));
        model.tensors().stream()
                .filter(tensor -> chosen.contains(tensor.name()))
                .forEach(tensor -> parts.add(new NormBias(context.ops(), model.manager(), tensor)));
        PartsModule module =
                new PartsModule("bitfit", context.ops(), parts, () -> OwnConfig.write(PEFT_TYPE, options, model));
        module.attach();
        return module;
    }

    private List<LinearSpec> layers(ModelLayout layout) {
        List<LinearSpec> targets = options.targetModules()
                .map(endings -> new TargetModules(endings).match(layout))
                .orElseGet(() ->
                        layout.linears().stream().filter(BitFit::beforeTheHead).toList());
        return targets.stream()
                .filter(linear -> linear.bias() || (options.addMissing() && takesOne(linear)))
                .toList();
    }

    /** A head is trained whole beside every PET, or has no bias at all. */
    private static boolean beforeTheHead(LinearSpec linear) {
        return linear.role() != LinearRole.CLASSIFIER && linear.role() != LinearRole.HEAD;
    }

    /** A bias of the keys moves all scores of a query alike, which softmax does not see. */
    private static boolean takesOne(LinearSpec linear) {
        return linear.role().inBlock() && linear.role() != LinearRole.KEY;
    }

    private List<TensorSpec> norms(ModelLayout layout) {
        Set<String> ofLayers =
                layout.linears().stream().map(linear -> linear.name() + BIAS).collect(Collectors.toSet());
        return layout.tensors().stream()
                .filter(tensor -> options.norms() && tensor.name().endsWith(BIAS) && !ofLayers.contains(tensor.name()))
                .toList();
    }
}
