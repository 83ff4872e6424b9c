package org.cpet.runtime.interop;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cpet.runtime.checkpoint.Contents;
import org.cpet.runtime.model.ConfigJson;
import org.cpet.spi.InputException;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.RankedPet;
import org.jspecify.annotations.Nullable;

/**
 * {@code kept.json} beside an adapter that was trained on a narrowed model: which heads, neurons and ranks of the whole
 * one its tensors belong to.
 *
 * @param groups key/value heads left, by attention
 * @param units neurons left, by FFN
 * @param ranks ranks left, by layer; empty for a PET without ranks
 */
public record KeptShapes(Map<String, int[]> groups, Map<String, int[]> units, Map<String, int[]> ranks) {
    /** Its name. */
    public static final String FILE = "kept.json";

    private static final String GROUPS = "kept_kv_groups";
    private static final String UNITS = "kept_ffn_units";
    private static final String RANKS = "kept_ranks";

    /** What a model and its PET kept; empty where heads and neurons are whole. */
    public static Optional<KeptShapes> of(TransformerModel model, Optional<?> pet) {
        Map<String, int[]> groups = new LinkedHashMap<>();
        Map<String, int[]> units = new LinkedHashMap<>();
        model.attentions().forEach(block -> groups.put(block.name(), block.keptGroups()));
        model.feedForwards().forEach(block -> units.put(block.name(), block.keptUnits()));
        boolean whole = model.attentions().stream()
                        .allMatch(block -> isWhole(block.output().kept()))
                && model.feedForwards().stream()
                        .allMatch(block -> isWhole(block.out().kept()));
        Map<String, int[]> ranks = new LinkedHashMap<>();
        pet.filter(RankedPet.class::isInstance)
                .map(RankedPet.class::cast)
                .ifPresent(ranked -> ranked.parts()
                        .forEach(part -> ranks.put(
                                part.site().name(),
                                part.ranks().stream()
                                        .mapToInt(Integer::intValue)
                                        .toArray())));
        return whole ? Optional.empty() : Optional.of(new KeptShapes(groups, units, ranks));
    }

    private static boolean isWhole(KeptIndices reader) {
        return reader.columns().length == reader.originalIn();
    }

    /** The file. */
    Contents file() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(GROUPS, lists(groups));
        json.put(UNITS, lists(units));
        json.put(RANKS, lists(ranks));
        return sink -> sink.write(ByteBuffer.wrap(ConfigJson.write(json)));
    }

    /** Reads the file of an adapter directory, when there is one. */
    public static Optional<KeptShapes> read(Path directory) {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Map<String, Object> json = ConfigJson.read(file).values();
        return Optional.of(
                new KeptShapes(indices(file, json, GROUPS), indices(file, json, UNITS), indices(file, json, RANKS)));
    }

    /** Which rows and columns the adapter's tensors have of each layer of the whole model. */
    public Map<String, KeptIndices> linears(TransformerModel whole) {
        Map<String, KeptIndices> kept = new LinkedHashMap<>();
        whole.linears()
                .forEach(site -> kept.put(
                        site.name(), KeptIndices.all(site.op().out(), site.op().in())));
        for (AttentionSite block : whole.attentions()) {
            int[] own = groups.getOrDefault(block.name(), block.keptGroups());
            int[] keys = spread(own, block.headDim());
            int[] queries = spread(own, block.headDim() * block.queriesPerGroup());
            kept.computeIfPresent(block.query().name(), (name, all) -> all.rows(queries));
            kept.computeIfPresent(block.key().name(), (name, all) -> all.rows(keys));
            kept.computeIfPresent(block.value().name(), (name, all) -> all.rows(keys));
            kept.computeIfPresent(block.output().name(), (name, all) -> all.columns(queries));
        }
        for (FeedForwardSite block : whole.feedForwards()) {
            int[] own = units.getOrDefault(block.name(), block.keptUnits());
            block.ins().forEach(in -> kept.computeIfPresent(in.name(), (name, all) -> all.rows(own)));
            kept.computeIfPresent(block.out().name(), (name, all) -> all.columns(own));
        }
        return kept;
    }

    /** Whether a model has parts that these shapes lack; one that was narrowed the same way has none. */
    public boolean narrower(TransformerModel model) {
        return model.attentions().stream().anyMatch(block -> lacks(groups.get(block.name()), block.groups()))
                || model.feedForwards().stream().anyMatch(block -> lacks(units.get(block.name()), block.units()));
    }

    private static boolean lacks(int @Nullable [] kept, int present) {
        return kept != null && kept.length < present;
    }

    private static int[] spread(int[] blocks, int width) {
        return Arrays.stream(blocks)
                .flatMap(block -> IntStream.range(block * width, (block + 1) * width))
                .toArray();
    }

    private static Map<String, List<Integer>> lists(Map<String, int[]> kept) {
        Map<String, List<Integer>> lists = new LinkedHashMap<>();
        kept.forEach((name, indices) ->
                lists.put(name, Arrays.stream(indices).boxed().toList()));
        return lists;
    }

    private static Map<String, int[]> indices(Path file, Map<String, Object> json, String key) {
        Map<String, int[]> kept = new LinkedHashMap<>();
        if (json.getOrDefault(key, Map.of()) instanceof Map<?, ?> entries) {
            entries.forEach((name, list) -> kept.put(String.valueOf(name), numbers(file, key, list)));
            return kept;
        }
        throw new InputException(file + ": " + key + " is not an object of lists");
    }

    private static int[] numbers(Path file, String key, Object list) {
        if (list instanceof List<?> items && items.stream().allMatch(Number.class::isInstance)) {
            return items.stream().mapToInt(item -> ((Number) item).intValue()).toArray();
        }
        throw new InputException(file + ": " + key + "; found " + list + "; allowed lists of indices");
    }
}
