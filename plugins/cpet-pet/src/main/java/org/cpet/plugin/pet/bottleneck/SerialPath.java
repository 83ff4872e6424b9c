package org.cpet.plugin.pet.bottleneck;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.cpet.plugin.pet.part.DenseFold;
import org.cpet.plugin.pet.part.Part;
import org.cpet.plugin.pet.part.PartTensor;
import org.cpet.plugin.pet.part.ResultPath;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.tensor.Activation;
import org.cpet.spi.tensor.Ops;

/** An adapter behind a layer: y ← y + f(y). Only where f has no non-linearity is there a weight that does the same. */
public final class SerialPath implements Part, ResultPath {
    private final Ops ops;
    private final LinearSite site;
    private final Network network;

    /** @param network from the layer's width to the same */
    public SerialPath(Ops ops, LinearSite site, Network network) {
        this.ops = ops;
        this.site = site;
        this.network = network;
    }

    @Override
    public NDArray addTo(NDArray y, NDArray x, ForwardMode mode) {
        return ops.tidy(() -> {
            NDArray result = ops.joint(y);
            return result.add(network.apply(result));
        });
    }

    @Override
    public List<PartTensor> tensors() {
        return network.tensors();
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
        if (network.activation() != Activation.IDENTITY) {
            return Optional.of("'" + site.name() + "'; found a non-linearity, "
                    + network.activation().name().toLowerCase(Locale.ROOT) + "; allowed activation identity");
        }
        return DenseFold.obstacle(site)
                .or(() -> site.op().bias().isEmpty()
                        ? Optional.of("'" + site.name() + "'; found no bias; allowed layers that have one")
                        : Optional.empty());
    }

    /** With M = s U D: W ← W + M W, b ← b + M b + s (U d + u). */
    @Override
    public void merge() {
        DenseFold.weight(ops, site, weight -> weight.add(matrix().matMul(weight)));
        DenseFold.bias(ops, site, bias -> {
            NDArray column = bias.expandDims(1);
            NDArray shift = network.up()
                    .weight()
                    .matMul(network.down().bias().value().expandDims(1))
                    .squeeze(1)
                    .add(network.up().bias().value())
                    .mul(network.scale());
            return bias.add(matrix().matMul(column).squeeze(1)).add(shift);
        });
    }

    private NDArray matrix() {
        return network.up().weight().matMul(network.down().weight()).mul(network.scale());
    }
}
