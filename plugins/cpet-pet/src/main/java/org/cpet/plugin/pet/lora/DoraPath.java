package org.cpet.plugin.pet.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Optional;
import org.cpet.plugin.pet.part.Axis;
import org.cpet.plugin.pet.part.DenseFold;
import org.cpet.plugin.pet.part.Numbers;
import org.cpet.plugin.pet.part.Part;
import org.cpet.plugin.pet.part.PartTensor;
import org.cpet.plugin.pet.part.ResultPath;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.tensor.Activation;
import org.cpet.spi.tensor.Initializers;
import org.cpet.spi.tensor.Ops;

/**
 * DoRA (Liu et al. 2024, section 4): W' = m ⊙ V / ‖V‖ with V = W + s B A, row by row; m [out] starts as ‖W‖, so that W' =
 * W. With g = m / ‖V‖, of which the norm is taken as a constant in the backward pass (section 4.3),
 *
 * <p>y = x Wᵀ + b + (g − 1) ⊙ x̃ Wᵀ + g ⊙ s · x̃ Aᵀ Bᵀ, x̃ = dropout(x)
 *
 * <p>as PEFT computes it. Of a compressed layer W is the weight it stands for, asked anew in each pass.
 */
final class DoraPath implements Part, ResultPath {
    private final LoraOptions options;
    private final Ops ops;
    private final LinearSite site;
    private final PartTensor down;
    private final PartTensor up;
    private final PartTensor magnitude;

    DoraPath(LoraOptions options, PluginContext context, NDManager manager, LinearSite site) {
        this.options = options;
        this.ops = context.ops();
        this.site = site;
        Axis rank = Axis.whole(options.r());
        String name = site.name() + ".lora_A.weight";
        this.down = PartTensor.of(
                ops,
                manager,
                name,
                List.of(rank, Axis.columns(site)),
                (owner, shape) -> Initializers.kaimingUniform(owner, shape, context.random(name)));
        this.up = PartTensor.of(
                ops, manager, site.name() + ".lora_B.weight", List.of(Axis.rows(site), rank), NDManager::zeros);
        this.magnitude = PartTensor.of(
                ops,
                manager,
                site.name() + ".lora_magnitude_vector",
                List.of(Axis.rows(site)),
                (owner, shape) -> ops.tidy(() -> length(site.op().weight())));
    }

    @Override
    public NDArray addTo(NDArray y, NDArray x, ForwardMode mode) {
        return ops.tidy(() -> {
            boolean drops = mode.training() && options.loraDropout() > 0;
            NDArray read = drops ? ops.dropout(x, options.loraDropout()) : ops.joint(x);
            NDArray result = ops.joint(y);
            NDArray turned = Numbers.like(ops, gain(), result);
            NDArray plain = drops ? Numbers.like(ops, ops.linear(read, weight(read)), y) : withoutBias(result);
            NDArray update = ops.bottleneck(read, down.value(), up.value(), options.scale(), Activation.IDENTITY);
            return result.add(plain.mul(turned.sub(1))).add(update.mul(turned));
        });
    }

    /** m / ‖W + s B A‖, the norm without a gradient. */
    private NDArray gain() {
        return magnitude.value().div(ops.withoutGradients(() -> length(directed())));
    }

    private NDArray directed() {
        return directed(site.op().weight());
    }

    /** V = W + s B A. */
    private NDArray directed(NDArray weight) {
        return up.value().matMul(down.value()).mul(options.scale()).add(weight);
    }

    /** ‖V‖ of each row, in the masters' type; a row of zeros, as pruning may leave it, has a length just above 0. */
    private NDArray length(NDArray matrix) {
        NDArray wide = Numbers.like(ops, matrix, down.value());
        return wide.square().sum(new int[] {1}).sqrt().maximum(1e-12);
    }

    private NDArray weight(NDArray x) {
        return Numbers.like(ops, site.op().weight(), x);
    }

    private NDArray withoutBias(NDArray y) {
        List<NDArray> bias = site.op().bias();
        return bias.isEmpty() ? y : y.sub(Numbers.like(ops, bias.get(0), y));
    }

    @Override
    public List<PartTensor> tensors() {
        return List.of(down, up, magnitude);
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
        return DenseFold.obstacle(site);
    }

    /** W ← g ⊙ (W + s B A). */
    @Override
    public void merge() {
        DenseFold.weight(ops, site, weight -> directed(weight).mul(gain().expandDims(1)));
    }

    /** ‖V‖ runs over all columns of the original layer, and an adapter does not say what the removed ones were. */
    @Override
    public Optional<String> uninheritable(Lineage lineage) {
        KeptIndices kept = lineage.linears().getOrDefault(site.name(), site.kept());
        int left = kept.columns().length;
        return left == kept.originalIn()
                ? Optional.empty()
                : Optional.of("DoRA's lengths are those of whole rows; found " + left + " of " + kept.originalIn()
                        + " columns left; allowed layers that kept all columns");
    }
}
