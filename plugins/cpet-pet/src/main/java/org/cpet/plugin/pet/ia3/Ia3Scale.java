package org.cpet.plugin.pet.ia3;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import org.cpet.plugin.pet.part.Axis;
import org.cpet.plugin.pet.part.DenseFold;
import org.cpet.plugin.pet.part.Numbers;
import org.cpet.plugin.pet.part.Part;
import org.cpet.plugin.pet.part.PartTensor;
import org.cpet.plugin.pet.part.ResultPath;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.InputPath;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.tensor.Ops;

/**
 * One vector of (IA)³ (Liu et al. 2022, section 3.3): y ← l ⊙ y with l [out, 1] for keys and values, bias included, or x ←
 * l ⊙ x with l [1, in] for the layer out of an FFN.
 */
final class Ia3Scale implements Part {
    private final Ops ops;
    private final LinearSite site;
    private final boolean ofInput;
    private final PartTensor scale;
    private final ResultPath after = new ResultPath() {
        @Override
        public NDArray addTo(NDArray y, NDArray x, ForwardMode mode) {
            return scaled(y);
        }
    };
    private final InputPath before = (x, mode) -> scaled(x);

    Ia3Scale(Ops ops, NDManager manager, LinearSite site, boolean ofInput) {
        this.ops = ops;
        this.site = site;
        this.ofInput = ofInput;
        this.scale = PartTensor.of(
                ops,
                manager,
                site.name() + ".ia3_l",
                ofInput ? List.of(Axis.whole(1), Axis.columns(site)) : List.of(Axis.rows(site), Axis.whole(1)),
                NDManager::ones);
    }

    /** Over the last axis. */
    private NDArray scaled(NDArray values) {
        return values.mul(Numbers.like(ops, vector(), values));
    }

    private NDArray vector() {
        return scale.value().reshape(new Shape(scale.value().size()));
    }

    @Override
    public List<PartTensor> tensors() {
        return List.of(scale);
    }

    @Override
    public void attach() {
        if (ofInput) {
            site.addInput(before);
        } else {
            site.add(after);
        }
    }

    @Override
    public void detach() {
        if (ofInput) {
            site.removeInput(before);
        } else {
            site.remove(after);
        }
    }

    @Override
    public Optional<String> obstacle() {
        return DenseFold.obstacle(site);
    }

    /** W ← l ⊙ W by columns for an input; by rows, with b ← l ⊙ b, for an output. */
    @Override
    public void merge() {
        DenseFold.weight(ops, site, weight -> weight.mul(scale.value()));
        if (!ofInput) {
            DenseFold.bias(ops, site, bias -> bias.mul(vector()));
        }
    }
}
