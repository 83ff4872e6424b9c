package org.cpet.plugin.pet.prefix;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.cpet.plugin.pet.prefix.PrefixShape.Part;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.tensor.Initializers;
import org.cpet.spi.tensor.Ops;

/**
 * A network that makes the virtual keys and values while they are trained (Li and Liang 2021, section 4.3):
 *
 * <pre>  slot = tanh(E Dᵀ + d) Uᵀ + u,  E [virtual tokens, e], D [hidden, e], U [width, hidden]</pre>
 *
 * E, D and d are shared by all slots. Starts as linear layers and embeddings do in PyTorch, biases with zeros.
 */
final class Reparameterisation implements PrefixTensors {
    private final Ops ops;
    private final TrainableTensor embedding;
    private final TrainableTensor down;
    private final TrainableTensor downBias;
    private final List<TrainableTensor> ups = new ArrayList<>();
    private final List<TrainableTensor> upBiases = new ArrayList<>();

    /** @param width e; {@code hidden} likewise */
    Reparameterisation(PrefixShape shape, int width, int hidden, PluginContext context, NDManager manager) {
        this.ops = context.ops();
        String name = "prefix_embedding.weight";
        this.embedding =
                leaf(name, Initializers.normal(manager, new Shape(shape.tokens(), width), 1, context.random(name)));
        this.down = kaiming("prefix_down", hidden, width, context, manager);
        this.downBias = leaf("prefix_down.bias", manager.zeros(new Shape(hidden)));
        for (Slot slot : shape.slots()) {
            ups.add(kaiming(slot.network(), slot.width(), hidden, context, manager));
            upBiases.add(leaf(slot.network() + ".bias", manager.zeros(new Shape(slot.width()))));
        }
    }

    /** How many numbers that is for a slot. */
    static long ofSlot(Slot slot, int hidden) {
        return (long) slot.width() * (hidden + 1);
    }

    /** How many numbers the slots share. */
    static long shared(int tokens, int width, int hidden) {
        return (long) tokens * width + (long) hidden * (width + 1);
    }

    private TrainableTensor kaiming(String layer, int out, int in, PluginContext context, NDManager manager) {
        String name = layer + ".weight";
        return leaf(name, Initializers.kaimingUniform(manager, new Shape(out, in), context.random(name)));
    }

    private TrainableTensor leaf(String name, NDArray start) {
        try (start) {
            return new TrainableTensor(name, ops.trainable(start));
        }
    }

    @Override
    public List<TrainableTensor> parameters() {
        List<TrainableTensor> all = new ArrayList<>(List.of(embedding, down, downBias));
        for (int slot = 0; slot < ups.size(); slot++) {
            all.addAll(ofSlot(slot));
        }
        return all;
    }

    @Override
    public NDArray columns(Part part) {
        NDIndex rows = new NDIndex().addSliceDim(part.from(), part.to());
        NDArray hidden = embedding
                .value()
                .matMul(down.value().transpose())
                .add(downBias.value())
                .tanh();
        return hidden.matMul(ups.get(part.slot()).value().get(rows).transpose())
                .add(upBiases.get(part.slot()).value().get(rows));
    }

    /** The tensors it makes, as leaves of their own. */
    PlainPrefix folded(PrefixShape shape) {
        List<TrainableTensor> slots = new ArrayList<>();
        for (int slot = 0; slot < ups.size(); slot++) {
            Part all = new Part(slot, 0, shape.slots().get(slot).width());
            slots.add(new TrainableTensor(shape.slots().get(slot).name(), leaf(all)));
        }
        return new PlainPrefix(slots);
    }

    private NDArray leaf(Part part) {
        try (Ops.Scope scope = ops.scope()) {
            NDArray made = scope.keep(ops.withoutGradients(() -> columns(part)), embedding.value());
            try (made) {
                return ops.trainable(made);
            }
        }
    }

    @Override
    public List<TrainableTensor> ofSlot(int slot) {
        return List.of(ups.get(slot), upBiases.get(slot));
    }

    @Override
    public int axis(TrainableTensor tensor) {
        return 0;
    }
}
