package org.cpet.runtime.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.checkpoint.Contents;
import org.cpet.runtime.checkpoint.Json;
import org.cpet.runtime.checkpoint.KeptJson;
import org.cpet.runtime.model.ConfigJson;
import org.cpet.spi.estimate.Selection;
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
 * @param kept by layer; without ranks for a PET that has none
 */
public record KeptShapes(Selection kept) {
    /** Its name. */
    public static final String FILE = "kept.json";

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
        return whole ? Optional.empty() : Optional.of(new KeptShapes(new Selection(groups, units, ranks)));
    }

    private static boolean isWhole(KeptIndices reader) {
        return reader.columns().length == reader.originalIn();
    }

    /** The file. */
    Contents file() {
        return Contents.text(Json.pretty(KeptJson.write(kept)));
    }

    /** Reads the file of an adapter directory, when there is one. */
    public static Optional<KeptShapes> read(Path directory) {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return Optional.of(
                new KeptShapes(KeptJson.read(file, Json.of(ConfigJson.read(file).values()))));
    }

    /** Which rows and columns the adapter's tensors have of each layer of the whole model. */
    public Map<String, KeptIndices> linears(TransformerModel whole) {
        Map<String, KeptIndices> places = new LinkedHashMap<>();
        whole.linears()
                .forEach(site -> places.put(
                        site.name(), KeptIndices.all(site.op().out(), site.op().in())));
        for (AttentionSite block : whole.attentions()) {
            int[] own = kept.groups().getOrDefault(block.name(), block.keptGroups());
            places.computeIfPresent(block.query().name(), (name, all) -> all.rows(block.queryRows(own)));
            places.computeIfPresent(block.key().name(), (name, all) -> all.rows(block.keyRows(own)));
            places.computeIfPresent(block.value().name(), (name, all) -> all.rows(block.keyRows(own)));
            places.computeIfPresent(block.output().name(), (name, all) -> all.columns(block.queryRows(own)));
        }
        for (FeedForwardSite block : whole.feedForwards()) {
            int[] own = kept.units().getOrDefault(block.name(), block.keptUnits());
            block.ins().forEach(in -> places.computeIfPresent(in.name(), (name, all) -> all.rows(own)));
            places.computeIfPresent(block.out().name(), (name, all) -> all.columns(own));
        }
        return places;
    }

    /** Whether a model has parts that these shapes lack; one that was narrowed the same way has none. */
    public boolean narrower(TransformerModel model) {
        return model.attentions().stream().anyMatch(block -> lacks(kept.groups().get(block.name()), block.groups()))
                || model.feedForwards().stream()
                        .anyMatch(block -> lacks(kept.units().get(block.name()), block.units()));
    }

    private static boolean lacks(int @Nullable [] kept, int present) {
        return kept != null && kept.length < present;
    }
}
