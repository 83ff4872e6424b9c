package org.cpet.plugin.moe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.FeedForwardOp;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.PackedForm;
import org.cpet.spi.tensor.ExpertWeights;
import org.cpet.spi.tensor.Ops;

/**
 * FFN(x) = W₂ (m(x) ⊙ ReLU(W₁ x + b₁ + Δ)) + b₂, where m(x) is 1 for the neurons of the k experts that the router chooses
 * for x and Δ what stands beside the layer in; or, without masking Δ, W₂ ReLU(m(x) ⊙ (W₁ x + b₁) + Δ) + b₂. The choice has
 * no gradient.
 *
 * <p>The exact form masks. In deployed mode, where the layers are dense, tokens are gathered by expert and only the chosen
 * rows of W₁ and columns of W₂ are multiplied.
 */
final class ExpertFeedForward implements FeedForwardOp {
    private final Ops ops;
    private final FeedForwardSite site;
    private final Router router;
    private final ExpertChoice choice;

    ExpertFeedForward(Ops ops, FeedForwardSite site, Router router, ExpertChoice choice) {
        this.ops = ops;
        this.site = site;
        this.router = router;
        this.choice = choice;
    }

    @Override
    public NDArray apply(NDArray x, UnaryOperator<NDArray> inner, ForwardMode mode) {
        NDArray picked = ops.withoutGradients(() -> ops.tidy(() -> choose(x)));
        return mode.deployed() && !mode.training() && gathers()
                ? gathered(x, picked, mode)
                : masked(x, picked, inner, mode);
    }

    /** The experts of each token, int64 [tokens, k]. */
    NDArray choose(NDArray x) {
        NDArray rows =
                ops.cast(ops.detach(x).reshape(-1, x.getShape().get(x.getShape().dimension() - 1)), DataType.FLOAT32);
        return router.scores(rows).topK(choice.chosen(), -1, true, true).get(1);
    }

    private NDArray masked(NDArray x, NDArray picked, UnaryOperator<NDArray> inner, ForwardMode mode) {
        LinearSite in = site.ins().get(0);
        NDArray read = in.read(x, mode);
        NDArray y = in.op().apply(read, mode);
        NDArray mask = ops.withoutGradients(() -> ops.tidy(() -> mask(picked, y)));
        NDArray units = choice.masksAll()
                ? ops.activation(in.beside(y, read, mode), site.activation()).mul(mask)
                : ops.activation(in.beside(y.mul(mask), read, mode), site.activation());
        return site.out().forward(site.out().shared(ops, inner.apply(units)), mode);
    }

    /** Ones for the chosen experts' neurons, of the shape and type of {@code units}. */
    private NDArray mask(NDArray picked, NDArray units) {
        long tokens = picked.getShape().get(0);
        NDArray ones = picked.oneHot(choice.experts()).sum(new int[] {1}).expandDims(2);
        NDArray wide = ones.broadcast(new Shape(tokens, choice.experts(), site.units() / choice.experts()));
        return ops.cast(wide.reshape(units.getShape()), units.getDataType());
    }

    /** Whether leaving neurons out gives the same numbers as masking them, and their weights lie there to be read. */
    private boolean gathers() {
        LinearSite in = site.ins().get(0);
        return in.op() instanceof DenseLinear
                && site.out().op() instanceof DenseLinear
                && !site.out().hasInput()
                && (choice.masksAll() || !in.hasBypass());
    }

    private NDArray gathered(NDArray x, NDArray picked, ForwardMode mode) {
        LinearSite in = site.ins().get(0);
        LinearSite out = site.out();
        NDArray weight = in.op().weight();
        NDArray read = ops.cast(in.read(x, mode), weight.getDataType());
        NDArray rows = read.reshape(-1, in.op().in());
        NDArray zeros = rows.getManager().zeros(new Shape(rows.getShape().get(0), site.units()), weight.getDataType());
        Shape tokens = x.getShape().slice(0, x.getShape().dimension() - 1);
        List<NDArray> beside = in.hasBypass()
                ? List.of(in.beside(zeros.reshape(tokens.add(site.units())), read, mode)
                        .reshape(zeros.getShape()))
                : List.of();
        List<NDArray> units = out.isBare() ? List.of() : List.of(beside.isEmpty() ? zeros : zeros.zerosLike());
        ExpertWeights weights =
                new ExpertWeights(weight, in.op().bias(), out.op().weight(), choice.experts(), site.activation());
        NDArray y = ops.experts(rows, picked, weights, beside, units)
                .reshape(tokens.add(out.op().out()));
        for (NDArray bias : out.op().bias()) {
            y = y.add(bias);
        }
        return units.isEmpty()
                ? y
                : out.beside(y, out.read(units.get(0).reshape(tokens.add(site.units())), mode), mode);
    }

    @Override
    public String form() {
        return choice.form();
    }

    @Override
    public double share() {
        return gathers() ? (double) choice.chosen() / choice.experts() : 1;
    }

    @Override
    public Optional<PackedForm> saved() {
        return Optional.of(ExpertFormat.of(choice, router));
    }

    @Override
    public List<ModelTensor> tensors() {
        return router.tensors();
    }

    @Override
    public void close() {
        tensors().forEach(tensor -> tensor.value().close());
    }
}
