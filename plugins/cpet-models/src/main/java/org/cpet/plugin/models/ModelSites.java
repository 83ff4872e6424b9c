package org.cpet.plugin.models;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.AttentionSpec;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.FeedForwardSpec;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.TensorSource;
import org.cpet.spi.model.TensorSpec;
import org.cpet.spi.tensor.Ops;
import org.jspecify.annotations.Nullable;

/** The sites of a layout with their tensors, and the tensors that belong to no site (embeddings, norms). */
public final class ModelSites {
    private final ModelConfig config;
    private final ModelLayout layout;
    private final TensorSource source;
    private final Ops ops;
    private final Map<String, LinearSite> linears = new LinkedHashMap<>();
    private final Map<String, AttentionSite> attentions = new LinkedHashMap<>();
    private final Map<String, FeedForwardSite> feedForwards = new LinkedHashMap<>();
    private final Map<String, ModelTensor> loose = new LinkedHashMap<>();
    private KeptIndices hidden;

    private ModelSites(ModelConfig config, ModelLayout layout, TensorSource source, Ops ops) {
        this.config = config;
        this.layout = layout;
        this.source = source;
        this.ops = ops;
        this.hidden = KeptIndices.all(layout.hiddenSize(), 1);
    }

    /** Takes every tensor of the layout. */
    public static ModelSites of(ModelConfig config, ModelLayout layout, TensorSource source, Ops ops) {
        ModelSites sites = new ModelSites(config, layout, source, ops);
        layout.linears().forEach(spec -> sites.linears.put(spec.name(), sites.site(spec)));
        layout.attentions().forEach(spec -> sites.attentions.put(spec.name(), sites.site(spec)));
        layout.feedForwards().forEach(spec -> sites.feedForwards.put(spec.name(), sites.site(spec)));
        Set<String> ofLinears = layout.linears().stream()
                .flatMap(spec -> Stream.of(spec.name() + ".weight", spec.name() + ".bias"))
                .collect(Collectors.toSet());
        layout.tensors().stream()
                .map(TensorSpec::name)
                .filter(name -> !ofLinears.contains(name))
                .forEach(name -> sites.loose.put(name, source.take(name)));
        return sites;
    }

    public ModelConfig config() {
        return config;
    }

    public Ops ops() {
        return ops;
    }

    public TensorSource source() {
        return source;
    }

    public LinearSite linear(String name) {
        return require(linears, name);
    }

    public AttentionSite attention(String name) {
        return require(attentions, name);
    }

    public FeedForwardSite feedForward(String name) {
        return require(feedForwards, name);
    }

    /** A tensor that belongs to no site. */
    public ModelTensor tensor(String name) {
        return require(loose, name);
    }

    public List<LinearSite> linears() {
        return List.copyOf(linears.values());
    }

    public List<AttentionSite> attentions() {
        return List.copyOf(attentions.values());
    }

    public List<FeedForwardSite> feedForwards() {
        return List.copyOf(feedForwards.values());
    }

    /** Which channels of the original hidden states are left, as rows. */
    public KeptIndices hidden() {
        return hidden;
    }

    /** Forgets the sites and tensors of all other layers of the stacks and frees them; {@code shared} ones stay. */
    void keepLayers(Collection<String> kept, Predicate<String> shared) {
        Predicate<String> gone = name ->
                ModelLayout.layerOf(name).filter(layer -> !kept.contains(layer)).isPresent();
        linears.values().stream().filter(site -> gone.test(site.name())).forEach(site -> {
            site.op().bias().forEach(NDArray::close);
            site.op().close();
        });
        loose.values().stream()
                .filter(tensor -> gone.test(tensor.name()) && !shared.test(tensor.name()))
                .forEach(tensor -> tensor.value().close());
        linears.keySet().removeIf(gone);
        attentions.keySet().removeIf(gone);
        feedForwards.keySet().removeIf(gone);
        loose.keySet().removeIf(gone.and(shared.negate()));
    }

    /** Cuts every tensor that has hidden channels: of layers by their roles, of others by the last axis. */
    void keepHidden(int[] channels) {
        ModelLayout now = layout();
        for (ModelTensor tensor : loose.values()) {
            int last = tensor.value().getShape().dimension() - 1;
            if (tensor.value().getShape().get(last) == now.hiddenSize()) {
                tensor.resize(ops.select(tensor.value(), last, channels)).close();
            }
        }
        for (LinearSite site : linears.values()) {
            if (now.writesHidden(now.linear(site.name()))) {
                site.keepRows(channels);
            }
            if (site.role().readsHidden()) {
                Optional<ModelTensor> table = tiedTo(site);
                if (table.isPresent()) {
                    site.keepColumns(channels, DenseLinear.tied(ops, table.get()));
                } else {
                    site.keepColumns(channels);
                }
            }
        }
        hidden = hidden.rows(channels);
    }

    /** The table that a head shares, unless something replaced the head. */
    private Optional<ModelTensor> tiedTo(LinearSite site) {
        return Optional.ofNullable(layout.aliases().get(site.name() + ".weight"))
                .map(this::tensor)
                .filter(table -> site.op() instanceof DenseLinear && site.op().weight() == table.value());
    }

    /** Every tensor as it is now, each once. */
    public List<ModelTensor> tensors() {
        Map<String, ModelTensor> all = new LinkedHashMap<>(loose);
        linears.values().forEach(site -> site.op().tensors().forEach(tensor -> all.putIfAbsent(tensor.name(), tensor)));
        return new ArrayList<>(all.values());
    }

    /** The layout as it is now. */
    public ModelLayout layout() {
        Map<String, TensorSpec> original =
                layout.tensors().stream().collect(Collectors.toMap(TensorSpec::name, Function.identity()));
        List<TensorSpec> now = tensors().stream()
                .map(tensor -> now(tensor, original.get(tensor.name())))
                .toList();
        return new ModelLayout(
                layout.family(),
                layout.task(),
                hidden.rows().length,
                layout.vocabulary(),
                layout.basePrefix(),
                now,
                layout.buffers(),
                linears.values().stream().map(LinearSite::spec).toList(),
                attentions.values().stream().map(AttentionSite::spec).toList(),
                feedForwards.values().stream().map(FeedForwardSite::spec).toList(),
                layout.aliases());
    }

    private static TensorSpec now(ModelTensor tensor, @Nullable TensorSpec original) {
        TensorSpec.Start start = original == null ? new TensorSpec.Constant(0) : original.start();
        boolean optional = original != null && original.optional();
        return new TensorSpec(tensor.name(), tensor.value().getShape(), start, optional);
    }

    private LinearSite site(LinearSpec spec) {
        return new LinearSite(spec.name(), spec.role(), op(spec));
    }

    private LinearOp op(LinearSpec spec) {
        String weight = spec.name() + ".weight";
        String tiedTo = layout.aliases().get(weight);
        if (tiedTo != null) {
            return DenseLinear.tied(ops, source.take(tiedTo));
        }
        return spec.bias()
                ? DenseLinear.of(ops, source.take(weight), source.take(spec.name() + ".bias"))
                : DenseLinear.of(ops, source.take(weight));
    }

    private AttentionSite site(AttentionSpec spec) {
        return new AttentionSite(
                spec.name(),
                linear(spec.query()),
                linear(spec.key()),
                linear(spec.value()),
                linear(spec.output()),
                spec.groups(),
                spec.queriesPerGroup(),
                spec.headDim(),
                spec.kind());
    }

    private FeedForwardSite site(FeedForwardSpec spec) {
        return new FeedForwardSite(
                spec.name(), spec.ins().stream().map(this::linear).toList(), linear(spec.out()), spec.activation());
    }

    private static <T> T require(Map<String, T> sites, String name) {
        T site = sites.get(name);
        if (site == null) {
            throw new NoSuchElementException("the layout has no '" + name + "'");
        }
        return site;
    }
}
