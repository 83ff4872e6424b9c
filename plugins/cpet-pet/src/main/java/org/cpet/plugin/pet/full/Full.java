package org.cpet.plugin.pet.full;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cpet.spi.OptionException;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModulePlan;
import org.cpet.spi.model.TensorSpec;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetModule;

/** θ ← θ + Δθ for every tensor of the model: the reference that small modules are measured against. */
final class Full implements PetMethod {
    static final String PEFT_TYPE = "CPET_FULL";

    private static final Set<String> DENSE = Set.of("float32", "float16", "bfloat16", "float64");

    private final PluginContext context;

    Full(PluginContext context) {
        this.context = context;
    }

    @Override
    public ModulePlan plan(ModelLayout layout) {
        layout.linears().stream()
                .filter(linear -> !DENSE.contains(linear.storage()))
                .findFirst()
                .ifPresent(linear -> {
                    throw notDense(linear.name(), linear.storage());
                });
        Map<String, Long> parameters = new LinkedHashMap<>();
        for (TensorSpec tensor : layout.tensors()) {
            parameters.put(tensor.name(), size(tensor, layout));
        }
        return new ModulePlan(parameters, List.of());
    }

    @Override
    public PetModule attach(TransformerModel model) {
        model.linears().stream()
                .filter(site -> !(site.op() instanceof DenseLinear))
                .findFirst()
                .ifPresent(site -> {
                    throw notDense(site.name(), site.op().storage());
                });
        FullModule module = new FullModule(
                context.ops(),
                model,
                model.tensors().stream()
                        .map(tensor -> TrainedTensor.of(context.ops(), tensor))
                        .toList());
        module.attach();
        return module;
    }

    private static OptionException notDense(String layer, String storage) {
        return new OptionException(
                "full trains every tensor; found '" + layer + "' held as " + storage + "; allowed dense weights");
    }

    /** Elements of a tensor; those of a linear layer follow the layer, which compression may have narrowed. */
    private static long size(TensorSpec tensor, ModelLayout layout) {
        int dot = tensor.name().lastIndexOf('.');
        String owner = dot < 0 ? "" : tensor.name().substring(0, dot);
        Optional<LinearSpec> linear = layout.linears().stream()
                .filter(spec -> spec.name().equals(owner))
                .findFirst();
        long whole = tensor.shape().size();
        return linear.map(spec -> tensor.shape().dimension() == 2 ? (long) spec.out() * spec.in() : spec.out())
                .orElse(whole);
    }
}
