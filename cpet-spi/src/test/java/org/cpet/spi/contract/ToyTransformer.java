package org.cpet.spi.contract;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.EmbeddingSite;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.SoftPrompt;
import org.cpet.spi.model.TensorSpec;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/**
 * A small seeded model with every kind of site, for contract tests: {@code toy.layer.0.attention.query}, {@code
 * .ffn.in}, ..., and {@code classifier} (of the first token) or {@code lm_head}.
 */
public final class ToyTransformer implements TransformerModel {
    private final Ops ops;
    private final ToySpec spec;
    private final NDManager manager;
    private final ModelTensor embeddings;
    private final EmbeddingSite site;
    private final List<ToyLayer> layers;
    private final List<ModelTensor> finalNorm;
    private final LinearSite head;
    private KeptIndices hidden;

    ToyTransformer(
            Ops ops, ToySpec spec, ToyWeights weights, ModelTensor embeddings, List<ToyLayer> layers, LinearSite head) {
        this.ops = ops;
        this.spec = spec;
        this.manager = weights.manager();
        this.embeddings = embeddings;
        this.site = new EmbeddingSite("toy.embeddings", embeddings);
        this.layers = new ArrayList<>(layers);
        this.hidden = KeptIndices.all(ToySpec.HIDDEN, 1);
        this.finalNorm = weights.norm("toy.norm");
        this.head = head;
    }

    /** A model with its own manager below the session's. */
    public static ToyTransformer open(ContractSession session, ToySpec spec) {
        return ToyWeights.model(session.ops(), session.manager().newSubManager(), spec);
    }

    /** Removes the first head group of layer 0, the second of layer 1, and every other neuron. */
    public void halve() {
        attentions().get(0).keepGroups(new int[] {1});
        attentions().get(1).keepGroups(new int[] {0});
        int[] units = IntStream.range(0, ToySpec.UNITS / 2).map(i -> 2 * i + 1).toArray();
        feedForwards().forEach(feedForward -> feedForward.keepUnits(units));
    }

    /** What it was made from. */
    public ToySpec spec() {
        return spec;
    }

    @Override
    public ModelConfig config() {
        return new ModelConfig(Path.of("toy", "config.json"), Map.of("model_type", "toy"));
    }

    @Override
    public ModelLayout layout() {
        TensorSpec.Start start = new TensorSpec.Normal(ToyWeights.DEVIATION);
        return new ModelLayout(
                "toy",
                spec.task(),
                hidden.rows().length,
                ToySpec.VOCABULARY,
                "toy.",
                tensors().stream()
                        .map(tensor -> TensorSpec.required(
                                tensor.name(), tensor.value().getShape(), start))
                        .toList(),
                List.of(),
                linears().stream().map(LinearSite::spec).toList(),
                attentions().stream().map(AttentionSite::spec).toList(),
                feedForwards().stream().map(FeedForwardSite::spec).toList());
    }

    @Override
    public ModelOutput forward(TokenBatch batch, ForwardMode mode) {
        boolean causal = spec.task() == ModelTask.CAUSAL_LM;
        Optional<SoftPrompt> prompt = site.prompt().tokens();
        NDArray mask = prompt.map(tokens -> seen(tokens, batch.attentionMask())).orElse(batch.attentionMask());
        Optional<NDArray> bias = causal ? Optional.empty() : Optional.of(attentionBias(mask));
        List<NDArray> states = new ArrayList<>();
        NDArray words = ops.embedding(batch.inputIds(), embeddings.value());
        NDArray hidden = prompt.map(tokens -> before(tokens, words)).orElse(words);
        states.add(hidden);
        for (ToyLayer layer : layers) {
            hidden = layer.forward(hidden, bias, mode);
            states.add(hidden);
        }
        NDArray last =
                ops.layerNorm(hidden, finalNorm.get(0).value(), finalNorm.get(1).value(), ToyLayer.EPSILON);
        states.set(states.size() - 1, last);
        NDIndex real = new NDIndex(":, {}:", prompt.map(SoftPrompt::length).orElse(0));
        NDArray logits = head.forward(causal ? last.get(real) : last.get(new NDIndex(":, 0")), mode);
        return new ModelOutput(
                Optional.of(logits),
                causal ? 1 : 0,
                (mode.hiddenStates() ? states : List.of(last))
                        .stream().map(state -> state.get(real)).toList(),
                List.of(),
                Optional.empty());
    }

    @Override
    public List<LinearSite> linears() {
        return Stream.concat(layers.stream().flatMap(layer -> layer.linears().stream()), Stream.of(head))
                .toList();
    }

    @Override
    public List<AttentionSite> attentions() {
        return layers.stream().map(ToyLayer::attention).toList();
    }

    @Override
    public List<FeedForwardSite> feedForwards() {
        return layers.stream().map(ToyLayer::feedForward).toList();
    }

    @Override
    public void keepLayers(List<String> kept) {
        layers.stream().filter(layer -> !kept.contains(layer.name())).forEach(ToyLayer::close);
        layers.removeIf(layer -> !kept.contains(layer.name()));
    }

    @Override
    public void keepHidden(int[] channels) {
        ModelTensor[] tied =
                head.op().weight() == embeddings.value() ? new ModelTensor[] {embeddings} : new ModelTensor[0];
        Stream.of(Stream.of(embeddings), layers.stream().flatMap(layer -> layer.norms().stream()), finalNorm.stream())
                .flatMap(tensors -> tensors)
                .forEach(tensor -> tensor.resize(ops.select(
                                tensor.value(), tensor.value().getShape().dimension() - 1, channels))
                        .close());
        for (LinearSite site : linears()) {
            if (site.role().writesHidden()) {
                site.keepRows(channels);
            } else if (site == head && tied.length > 0) {
                site.keepColumns(channels, DenseLinear.tied(ops, tied[0]));
            } else {
                site.keepColumns(channels);
            }
        }
        hidden = hidden.rows(channels);
    }

    @Override
    public KeptIndices keptHidden() {
        return hidden;
    }

    @Override
    public List<ModelTensor> tensors() {
        return Stream.of(
                        Stream.of(embeddings),
                        layers.stream().flatMap(layer -> layer.norms().stream()),
                        finalNorm.stream(),
                        linears().stream().flatMap(site -> site.op().tensors().stream()))
                .flatMap(tensors -> tensors)
                .distinct() // a tied head lists the embeddings again
                .toList();
    }

    @Override
    public NDManager manager() {
        return manager;
    }

    @Override
    public void close() {
        manager.close();
    }

    /** A mask with virtual tokens in front, which are real. */
    private static NDArray seen(SoftPrompt prompt, NDArray mask) {
        Shape front = new Shape(mask.getShape().get(0), prompt.length());
        return mask.getManager().ones(front, mask.getDataType()).concat(mask, 1);
    }

    private static NDArray before(SoftPrompt prompt, NDArray words) {
        Shape shape = words.getShape();
        return prompt.embeddings()
                .expandDims(0)
                .broadcast(new Shape(shape.get(0), prompt.length(), shape.get(2)))
                .concat(words, 1);
    }

    @Override
    public Optional<EmbeddingSite> embeddings() {
        return Optional.of(site);
    }

    /** 0 where a token is real, −1e9 where it is padding; [batch, 1, 1, tokens]. */
    private NDArray attentionBias(NDArray mask) {
        DataType type = embeddings.value().getDataType();
        return mask.toType(type, true).sub(1).mul(1e9).expandDims(1).expandDims(1);
    }
}
