package org.cpet.spi.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A model's modules and shapes without its weights: what plans are made of. Derived from {@code config.json} alone.
 *
 * @param basePrefix prefix that a file without a head may lack, for example {@code bert.}
 * @param buffers names that old files carry and a loader skips
 * @param hiddenSize width of the hidden states
 * @param aliases other names under which a file may hold a tensor, each with the tensor's own name: copies of a shared
 *     table, a tied output head
 */
public record ModelLayout(
        String family,
        ModelTask task,
        int hiddenSize,
        int vocabulary,
        String basePrefix,
        List<TensorSpec> tensors,
        List<Pattern> buffers,
        List<LinearSpec> linears,
        List<AttentionSpec> attentions,
        List<FeedForwardSpec> feedForwards,
        Map<String, String> aliases) {
    private static final Pattern LAYER = Pattern.compile("((?:[^.\\d][^.]*\\.)+\\d+)(?:\\.|$)");

    public ModelLayout {
        tensors = List.copyOf(tensors);
        buffers = List.copyOf(buffers);
        linears = List.copyOf(linears);
        attentions = List.copyOf(attentions);
        feedForwards = List.copyOf(feedForwards);
        aliases = Map.copyOf(aliases);
    }

    /** A layout without aliases. */
    public ModelLayout(
            String family,
            ModelTask task,
            int hiddenSize,
            int vocabulary,
            String basePrefix,
            List<TensorSpec> tensors,
            List<Pattern> buffers,
            List<LinearSpec> linears,
            List<AttentionSpec> attentions,
            List<FeedForwardSpec> feedForwards) {
        this(
                family,
                task,
                hiddenSize,
                vocabulary,
                basePrefix,
                tensors,
                buffers,
                linears,
                attentions,
                feedForwards,
                Map.of());
    }

    /** The layer of that name. */
    public LinearSpec linear(String name) {
        return linears.stream()
                .filter(linear -> linear.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no linear layer named '" + name + "'"));
    }

    /** The layers of attention and FFN blocks, in order. */
    public List<LinearSpec> blockLinears() {
        return linears.stream().filter(linear -> linear.role().inBlock()).toList();
    }

    /** The layers of the stacks, such as {@code bert.encoder.layer.3}, in the order of the forward pass. */
    public List<String> layers() {
        return Stream.concat(
                        attentions.stream().map(AttentionSpec::name),
                        feedForwards.stream().map(FeedForwardSpec::name))
                .flatMap(module -> layerOf(module).stream())
                .distinct()
                .sorted(Comparator.comparing((String layer) -> linearIndex(layer)))
                .toList();
    }

    /** The layer of a stack that a module or tensor lies in: its name up to the first number, where it has one. */
    public static Optional<String> layerOf(String module) {
        Matcher matcher = LAYER.matcher(module);
        return matcher.lookingAt() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private int linearIndex(String layer) {
        for (int i = 0; i < linears.size(); i++) {
            if (linears.get(i).name().startsWith(layer + ".")) {
                return i;
            }
        }
        return linears.size();
    }

    /** The same layout with every linear layer mapped. */
    public ModelLayout mapLinears(UnaryOperator<LinearSpec> change) {
        return with(linears.stream().map(change).toList(), attentions, feedForwards);
    }

    /** The same layout without the layers of stacks that are not among these. */
    public ModelLayout keepLayers(Collection<String> layers) {
        Predicate<String> stays = name -> layerOf(name).map(layers::contains).orElse(true);
        return new ModelLayout(
                family,
                task,
                hiddenSize,
                vocabulary,
                basePrefix,
                tensors.stream().filter(tensor -> stays.test(tensor.name())).toList(),
                buffers,
                linears.stream().filter(linear -> stays.test(linear.name())).toList(),
                attentions.stream().filter(block -> stays.test(block.name())).toList(),
                feedForwards.stream().filter(block -> stays.test(block.name())).toList(),
                aliases);
    }

    /** The same layout with so many hidden channels: of layers by their roles, of other tensors by the last axis. */
    public ModelLayout withHidden(int channels) {
        List<LinearSpec> narrowed = linears.stream()
                .map(linear -> linear.resized(
                        writesHidden(linear) ? channels : linear.out(),
                        linear.role().readsHidden() ? channels : linear.in()))
                .toList();
        Set<String> ofLinears = linears.stream().map(LinearSpec::name).collect(Collectors.toSet());
        List<TensorSpec> others = tensors.stream()
                .map(tensor -> ofLinears.contains(tensor.name().replaceFirst("\\.(weight|bias)$", ""))
                        ? tensor
                        : tensor.withHidden(hiddenSize, channels))
                .toList();
        return new ModelLayout(
                family,
                task,
                channels,
                vocabulary,
                basePrefix,
                others,
                buffers,
                narrowed,
                attentions,
                feedForwards,
                aliases);
    }

    /** Whether a layer's rows are hidden channels. */
    public boolean writesHidden(LinearSpec linear) {
        boolean read = linear.role() == LinearRole.CLASSIFIER
                && linear.out() == hiddenSize
                && linears.indexOf(linear) < linears.size() - 1;
        return read || linear.role().writesHidden();
    }

    /** The same layout with so many key/value groups and neurons left in each block. */
    public ModelLayout narrow(ToIntFunction<AttentionSpec> groups, ToIntFunction<FeedForwardSpec> units) {
        Map<String, Integer> rows = new HashMap<>();
        Map<String, Integer> columns = new HashMap<>();
        for (AttentionSpec block : attentions) {
            int keys = groups.applyAsInt(block) * block.headDim();
            rows.put(block.query(), keys * block.queriesPerGroup());
            rows.put(block.key(), keys);
            rows.put(block.value(), keys);
            columns.put(block.output(), keys * block.queriesPerGroup());
        }
        for (FeedForwardSpec block : feedForwards) {
            block.ins().forEach(in -> rows.put(in, units.applyAsInt(block)));
            columns.put(block.out(), units.applyAsInt(block));
        }
        return with(
                linears.stream()
                        .map(linear -> linear.resized(
                                rows.getOrDefault(linear.name(), linear.out()),
                                columns.getOrDefault(linear.name(), linear.in())))
                        .toList(),
                attentions.stream()
                        .map(block -> block.withGroups(groups.applyAsInt(block)))
                        .toList(),
                feedForwards.stream()
                        .map(block -> block.withUnits(units.applyAsInt(block)))
                        .toList());
    }

    /** The same layout with other tensors. */
    public ModelLayout withTensors(List<TensorSpec> newTensors) {
        return new ModelLayout(
                family,
                task,
                hiddenSize,
                vocabulary,
                basePrefix,
                newTensors,
                buffers,
                linears,
                attentions,
                feedForwards,
                aliases);
    }

    /** The same layout with other blocks. */
    public ModelLayout with(
            List<LinearSpec> newLinears, List<AttentionSpec> newAttentions, List<FeedForwardSpec> newFeedForwards) {
        return new ModelLayout(
                family,
                task,
                hiddenSize,
                vocabulary,
                basePrefix,
                tensors,
                buffers,
                newLinears,
                newAttentions,
                newFeedForwards,
                aliases);
    }
}
