package org.cpet.plugin.pet.prefix;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.spi.OptionException;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.ModuleState;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.tensor.Ops;

/** A prefix in the attentions of a model. */
final class PrefixModule implements PetModule {
    private final Ops ops;
    private final PrefixOptions options;
    private final TransformerModel model;
    private final PrefixShape shape;
    private final Map<AttentionSite, SitePrefix> prefixes = new LinkedHashMap<>();
    private PrefixTensors tensors;
    private boolean attached;

    PrefixModule(Ops ops, PrefixOptions options, TransformerModel model, PrefixShape shape, PrefixTensors tensors) {
        this.ops = ops;
        this.options = options;
        this.model = model;
        this.shape = shape;
        this.tensors = tensors;
        for (AttentionSite site : model.attentions()) {
            PrefixShape.Place place = shape.places().get(site.name());
            if (place != null) {
                prefixes.put(site, new SitePrefix(shape.tokens(), place, () -> this.tensors));
            }
        }
    }

    /** The network gives way to what it makes. */
    @Override
    public void settle() {
        if (tensors instanceof Reparameterisation network) {
            tensors = network.folded(shape);
            network.close();
        }
    }

    /** Columns of removed heads are left out. What a trained network has become cannot be inherited by a network, which gives way. */
    @Override
    public InheritanceReport inherit(Map<String, NDArray> taught, Lineage lineage) {
        if (shape.slots().stream().anyMatch(slot -> taught.containsKey(slot.name()))) {
            settle();
        }
        return new PrefixInheritance(ops, taught, lineage).carry(shape, tensors);
    }

    @Override
    public boolean mergeable() {
        return false;
    }

    @Override
    public void merge() {
        throw new OptionException("prefix cannot be folded into weights; found virtual keys and values, which stand"
                + " beside those of the tokens; allowed an adapter directory");
    }

    @Override
    public Map<String, Object> peftConfig() {
        return PeftPrefix.write(options, shape, model, tensors instanceof PlainPrefix);
    }

    @Override
    public List<TrainableTensor> parameters() {
        return tensors.parameters();
    }

    @Override
    public Map<String, NDArray> state() {
        return ModuleState.of(parameters());
    }

    @Override
    public void load(Map<String, NDArray> state) {
        ModuleState.load(ops, state(), state);
    }

    @Override
    public void attach() {
        if (!attached) {
            prefixes.forEach((site, prefix) -> site.prefix().add(prefix));
            attached = true;
        }
    }

    @Override
    public void detach() {
        if (attached) {
            prefixes.forEach((site, prefix) -> site.prefix().remove(prefix));
            attached = false;
        }
    }

    @Override
    public void close() {
        detach();
        tensors.close();
    }
}
