package org.cpet.plugin.pet.bitfit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Optional;
import org.cpet.plugin.pet.part.Axis;
import org.cpet.plugin.pet.part.DenseFold;
import org.cpet.plugin.pet.part.Numbers;
import org.cpet.plugin.pet.part.Part;
import org.cpet.plugin.pet.part.PartTensor;
import org.cpet.spi.model.Bypass;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.tensor.Ops;

/**
 * The bias b [out] of a layer: y ← y + (b − b₀) with b₀ what the layer itself adds, or 0. So that b is trained whatever the
 * layer's weight is held as.
 */
final class LayerBias implements Part, Bypass {
    private final Ops ops;
    private final LinearSite site;
    private final PartTensor bias;

    LayerBias(Ops ops, NDManager manager, LinearSite site) {
        this.ops = ops;
        this.site = site;
        List<NDArray> present = site.op().bias();
        this.bias = PartTensor.of(
                ops,
                manager,
                site.name() + ".bias",
                List.of(Axis.rows(site)),
                (owner, shape) -> present.isEmpty() ? owner.zeros(shape) : ops.copy(present.get(0)));
    }

    @Override
    public NDArray apply(NDArray x, ForwardMode mode) {
        List<NDArray> present = site.op().bias();
        NDArray change =
                present.isEmpty() ? bias.value() : bias.value().sub(Numbers.like(ops, present.get(0), bias.value()));
        return Numbers.like(ops, change, x);
    }

    @Override
    public List<PartTensor> tensors() {
        return List.of(bias);
    }

    @Override
    public void attach() {
        site.add(this);
    }

    @Override
    public void detach() {
        site.remove(this);
    }

    @Override
    public Optional<String> obstacle() {
        return site.op().bias().isEmpty()
                ? Optional.of("'" + site.name() + "'; found no bias in the model; allowed layers that have one")
                : DenseFold.obstacle(site);
    }

    @Override
    public void merge() {
        DenseFold.bias(ops, site, old -> bias.value());
    }
}
