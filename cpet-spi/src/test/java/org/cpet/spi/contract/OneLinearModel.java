package org.cpet.spi.contract;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearRole;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;

/** A model of the single layer {@code layer}, for numbers worked out by hand; {@link #apply} is all it computes. */
public final class OneLinearModel implements TransformerModel {
    private final NDManager manager;
    private final LinearSite site;

    private OneLinearModel(NDManager manager, LinearSite site) {
        this.manager = manager;
        this.site = site;
    }

    /** y = x Wᵀ with W [out, in]. */
    public static OneLinearModel of(ContractSession session, NDArray weight) {
        ModelTensor tensor = new ModelTensor("layer.weight", weight);
        DenseLinear dense = DenseLinear.of(session.ops(), tensor);
        return new OneLinearModel(weight.getManager(), new LinearSite("layer", LinearRole.FFN_IN, dense));
    }

    /** The layer. */
    public LinearSite site() {
        return site;
    }

    /** y from x, side paths included. */
    public NDArray apply(NDArray x, ForwardMode mode) {
        return site.forward(x, mode);
    }

    @Override
    public ModelConfig config() {
        return new ModelConfig(Path.of("one", "config.json"), Map.of());
    }

    @Override
    public ModelLayout layout() {
        return new ModelLayout(
                "one",
                ModelTask.ENCODER,
                site.op().in(),
                0,
                "",
                List.of(),
                List.of(),
                List.of(site.spec()),
                List.of(),
                List.of());
    }

    @Override
    public ModelOutput forward(TokenBatch batch, ForwardMode mode) {
        return new ModelOutput(Optional.empty(), 0, List.of(), List.of(), Optional.empty());
    }

    @Override
    public List<LinearSite> linears() {
        return List.of(site);
    }

    @Override
    public List<AttentionSite> attentions() {
        return List.of();
    }

    @Override
    public List<FeedForwardSite> feedForwards() {
        return List.of();
    }

    @Override
    public List<ModelTensor> tensors() {
        return site.op().tensors();
    }

    @Override
    public NDManager manager() {
        return manager;
    }

    @Override
    public void close() {
        site.op().close();
    }
}
