package org.cpet.runtime.train;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cpet.runtime.checkpoint.Json;
import org.cpet.runtime.checkpoint.RunDirectory;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.estimate.Selection;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.TransformerModel;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What an estimation chose: as {@code selection.json}, and applied to a model. */
public final class Selections {
    private static final String GROUPS = "kept_kv_groups";
    private static final String UNITS = "kept_ffn_units";
    private static final String RANKS = "kept_ranks";

    private Selections() {}

    /** Removes from a model what was not chosen. */
    static void narrow(TransformerModel model, Selection selection) {
        for (AttentionSite block : model.attentions()) {
            int[] groups = selection.groups().get(block.name());
            if (groups != null && groups.length < block.groups()) {
                block.keepGroups(groups);
            }
        }
        for (FeedForwardSite block : model.feedForwards()) {
            int[] units = selection.units().get(block.name());
            if (units != null && units.length < block.units()) {
                block.keepUnits(units);
            }
        }
    }

    /** As one line of JSON. */
    static String write(Selection selection) {
        ObjectNode json = Json.object();
        put(json.putObject(GROUPS), selection.groups());
        put(json.putObject(UNITS), selection.units());
        put(json.putObject(RANKS), selection.ranks());
        return Json.line(json) + "\n";
    }

    /** What the estimation of a run chose. */
    public static Selection recorded(Path run) {
        Path file = run.resolve("selection.json");
        return RunDirectory.recorded(run, RunDirectory.Fact.SELECTION)
                .map(text -> read(Json.parse(text, file)))
                .orElseThrow(() -> new CpetException(
                        ExitCode.RUN_DIRECTORY, run + " holds no selection.json, which its estimation wrote"));
    }

    /** Reads what {@link #write} wrote. */
    public static Selection read(JsonNode json) {
        return new Selection(indices(json.path(GROUPS)), indices(json.path(UNITS)), indices(json.path(RANKS)));
    }

    private static void put(ObjectNode node, Map<String, int[]> kept) {
        kept.forEach((name, indices) -> {
            ArrayNode list = node.putArray(name);
            for (int index : indices) {
                list.add(index);
            }
        });
    }

    private static Map<String, int[]> indices(JsonNode node) {
        Map<String, int[]> kept = new LinkedHashMap<>();
        node.forEachEntry((name, list) ->
                kept.put(name, list.valueStream().mapToInt(JsonNode::asInt).toArray()));
        return kept;
    }
}
