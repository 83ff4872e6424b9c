package org.cpet.plugin.pet.parallel;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Optional;
import org.cpet.plugin.pet.bottleneck.Network;
import org.cpet.plugin.pet.part.Numbers;
import org.cpet.plugin.pet.part.Part;
import org.cpet.plugin.pet.part.PartTensor;
import org.cpet.spi.model.Bypass;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.InputPath;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.tensor.Ops;
import org.jspecify.annotations.Nullable;

/**
 * An adapter beside a block: what the block's first layer reads is remembered, f of it is added to what its last layer
 * gives. No weight of the block does the same, so there is nothing to fold it into.
 */
final class ParallelPath implements Part, Bypass {
    private final Ops ops;
    private final LinearSite first;
    private final LinearSite last;
    private final Network network;
    private final InputPath remembering = this::remember;
    private @Nullable NDArray read;

    /**
     * @param first layer of the block to run
     * @param last layer of it, whose outputs leave the block
     * @param network from the block's width in to its width out
     */
    ParallelPath(Ops ops, LinearSite first, LinearSite last, Network network) {
        this.ops = ops;
        this.first = first;
        this.last = last;
        this.network = network;
    }

    private NDArray remember(NDArray x, ForwardMode mode) {
        NDArray shared = ops.joint(x);
        read = shared;
        return shared;
    }

    /** @param x the last layer's input, which is not what this path reads */
    @Override
    public NDArray apply(NDArray x, ForwardMode mode) {
        NDArray input = read;
        if (input == null) {
            throw new IllegalStateException(last.name() + " runs before " + first.name() + ", whose input is needed");
        }
        read = null;
        return Numbers.like(ops, ops.tidy(() -> network.apply(input)), x);
    }

    @Override
    public List<PartTensor> tensors() {
        return network.tensors();
    }

    @Override
    public void attach() {
        first.addInput(remembering);
        last.add(this);
    }

    @Override
    public void detach() {
        first.removeInput(remembering);
        last.remove(this);
    }

    @Override
    public Optional<String> obstacle() {
        return Optional.of("'" + last.name() + "'; found an adapter around a whole block, from the input of '"
                + first.name() + "'; allowed methods that change one layer");
    }

    @Override
    public void merge() {
        throw new IllegalStateException("nothing to fold into");
    }
}
